package io.github.workflowhistory.jdbc.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Stands between pgjdbc and the server and understands what passes, so that a test can cut a connection at exactly one
 * statement. Its port stays while the server's changes.
 */
final class TcpProxy implements AutoCloseable {
    /** What becomes of a statement that is about to reach the server. */
    enum Verdict {
        /** It passes. */
        PASS,
        /** It never arrives: the connection is cut on both sides. */
        CUT_BEFORE,
        /** It arrives, and once the server has done it the connection is cut, so that the answer never comes. */
        CUT_AFTER,
        /** It does not arrive, and the client is cut off; the server, unaware of that, waits in its transaction. */
        HOLD
    }

    /** Decides about each statement, on the thread that brings it, which it may keep waiting. */
    interface Script {
        Verdict before(Link link, String sql);
    }

    static final Script PASS_ALL = (link, sql) -> Verdict.PASS;

    private final ServerSocket listener;
    private final IntSupplier serverPort;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Link> held = new LinkedBlockingQueue<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private volatile Script script = PASS_ALL;
    private volatile boolean refusing;

    /**
     * Starts a proxy.
     *
     * @param serverPort where the server listens on the loopback address when a connection comes
     */
    TcpProxy(IntSupplier serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::accept, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    void on(Script newScript) {
        script = newScript;
    }

    /** Cuts all connections and every new one, as if the network were gone. */
    void refuse() {
        refusing = true;
        links.forEach(Link::cut);
    }

    /** Lets new connections through again. */
    void admit() {
        refusing = false;
    }

    /** Waits for a connection whose statement is held back. */
    Link awaitHeld() {
        try {
            Link link = held.poll(30, TimeUnit.SECONDS);
            if (link == null) {
                throw new AssertionError("No statement was held back");
            }
            return link;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), serverPort.getAsInt());
        } catch (IOException e) {
            // There is no server, which the client is to notice as well.
            client.close();
            return;
        }
        Link link = new Link(client, server, (one, sql) -> script.before(one, sql), held::add, failures::add);
        links.removeIf(Link::isOver);
        links.add(link);
        link.start();
        if (refusing || listener.isClosed()) {
            // Both may have happened since it was let in.
            link.cut();
        }
    }

    /** Ends all connections; fails when a script has failed. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::cut);
        links.forEach(Link::drop);
        if (!failures.isEmpty()) {
            throw new AssertionError("a script failed", failures.get(0));
        }
    }
}
