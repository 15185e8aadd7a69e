package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.faults.TcpProxy.Script;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One connection through a {@link TcpProxy}: copies messages in both directions, one at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">the formats of messages</a>
 */
final class Link {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEADER_BYTES = 5;
    /** So much of a message is looked at; names stand at its beginning. */
    private static final int VISIBLE_BYTES = 1 << 14;

    /** What a script is told when all data of a COPY has been sent and its end has not. */
    static final String COPY_DONE = "-- end of COPY";

    private static final byte[] SYNC = {'S', 0, 0, 0, 4};

    private final Socket client;
    private final Socket server;
    private final Script script;
    private final Consumer<Link> onHeld;
    private final Consumer<Throwable> onFailure;
    private final DataInputStream fromClient;
    private final DataOutputStream toServer;
    private final Map<String, String> statements = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();
    private volatile int backend;
    private volatile boolean isCutting;
    private volatile boolean isHeld;
    private volatile byte[] heldBack = {};

    Link(Socket client, Socket server, Script script, Consumer<Link> onHeld, Consumer<Throwable> onFailure)
            throws IOException {
        this.client = client;
        this.server = server;
        this.script = script;
        this.onHeld = onHeld;
        this.onFailure = onFailure;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        fromClient = new DataInputStream(new BufferedInputStream(client.getInputStream(), BUFFER_BYTES));
        toServer = new DataOutputStream(new BufferedOutputStream(server.getOutputStream(), BUFFER_BYTES));
    }

    /** The process that serves this connection. */
    int backend() {
        return backend;
    }

    boolean isOver() {
        return client.isClosed() && server.isClosed();
    }

    void start() {
        start("proxy to the server", this::copyToServer);
        start("proxy to the client", this::copyToClient);
    }

    private interface Copying {
        void run() throws IOException;
    }

    private void start(String name, Copying copying) {
        Thread thread = new Thread(
                () -> {
                    try {
                        copying.run();
                    } catch (IOException e) {
                        // One side is gone; below the other learns it.
                    } catch (RuntimeException | Error e) {
                        onFailure.accept(e);
                    }
                    if (isHeld) {
                        close(client);
                    } else {
                        cut();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Cuts both sides, unless the server's is held. */
    void cut() {
        close(client);
        if (!isHeld) {
            close(server);
        }
    }

    /** Lets the statement that was held back reach the server. */
    void deliver() {
        try {
            toServer.write(heldBack);
            toServer.write(SYNC);
            toServer.flush();
        } catch (IOException e) {
            throw new IllegalStateException("the server does not wait any longer", e);
        }
    }

    /** Ends the connection whose statement was held back. */
    void drop() {
        close(server);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void copyToServer() throws IOException {
        // The first packet has no type.
        int startupBytes = fromClient.readInt();
        toServer.writeInt(startupBytes);
        copy(fromClient, toServer, startupBytes - Integer.BYTES);
        toServer.flush();
        while (true) {
            int type = fromClient.readUnsignedByte();
            int length = fromClient.readInt();
            byte[] visible = fromClient.readNBytes(Math.min(length - Integer.BYTES, VISIBLE_BYTES));
            String sql = executed(type, visible);
            TcpProxy.Verdict verdict = sql == null ? TcpProxy.Verdict.PASS : script.before(this, sql);
            switch (verdict) {
                case PASS -> {}
                case CUT_BEFORE -> {
                    return;
                }
                case CUT_AFTER -> isCutting = true;
                case HOLD -> {
                    // What was sent before is needed by what is held back.
                    toServer.flush();
                    heldBack = message(type, visible);
                    isHeld = true;
                    onHeld.accept(this);
                    return;
                }
            }
            toServer.write(type);
            toServer.writeInt(length);
            toServer.write(visible);
            copy(fromClient, toServer, length - Integer.BYTES - visible.length);
            if (fromClient.available() == 0) {
                toServer.flush();
            }
        }
    }

    /** The statement that a message executes, or null for another message. */
    private String executed(int type, byte[] visible) {
        ByteBuffer body = ByteBuffer.wrap(visible);
        switch (type) {
            case 'Q' -> {
                return text(body);
            }
            case 'P' -> {
                String name = text(body);
                statements.put(name, text(body));
            }
            case 'B' -> {
                String portal = text(body);
                portals.put(portal, statements.get(text(body)));
            }
            case 'c' -> {
                return COPY_DONE;
            }
            case 'E' -> {
                return portals.get(text(body));
            }
            default -> {}
        }
        return null;
    }

    /** Text up to the next zero byte, or as much of it as is visible. */
    private static String text(ByteBuffer body) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (body.hasRemaining()) {
            byte next = body.get();
            if (next == 0) {
                break;
            }
            text.write(next);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static byte[] message(int type, byte[] body) {
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .put((byte) type)
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .array();
    }

    private void copyToClient() throws IOException {
        DataInputStream fromServer =
                new DataInputStream(new BufferedInputStream(server.getInputStream(), BUFFER_BYTES));
        DataOutputStream toClient =
                new DataOutputStream(new BufferedOutputStream(client.getOutputStream(), BUFFER_BYTES));
        while (true) {
            int type = fromServer.readUnsignedByte();
            int length = fromServer.readInt();
            byte[] visible = fromServer.readNBytes(Math.min(length - Integer.BYTES, VISIBLE_BYTES));
            if (type == 'K') {
                backend = ByteBuffer.wrap(visible).getInt();
            }
            boolean isAnswered = type == 'Z' && (isCutting || isHeld);
            if (isAnswered) {
                isHeld = false;
                return;
            }
            if (isCutting || isHeld) {
                fromServer.skipNBytes(length - Integer.BYTES - visible.length);
                continue;
            }
            toClient.write(type);
            toClient.writeInt(length);
            toClient.write(visible);
            copy(fromServer, toClient, length - Integer.BYTES - visible.length);
            if (fromServer.available() == 0) {
                toClient.flush();
            }
        }
    }

    private static void copy(DataInputStream from, DataOutputStream to, int bytes) throws IOException {
        byte[] buffer = new byte[Math.min(BUFFER_BYTES, bytes)];
        int left = bytes;
        while (left > 0) {
            int read = from.read(buffer, 0, Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("ended in the middle of a message");
            }
            to.write(buffer, 0, read);
            left -= read;
        }
    }
}
