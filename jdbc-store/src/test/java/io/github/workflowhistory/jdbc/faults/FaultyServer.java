package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.PostgresServer;
import io.github.workflowhistory.jdbc.StaleServers;
import io.github.workflowhistory.jdbc.WorkflowSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL that tests may kill, stop and put into recovery: durable (fsync and synchronous_commit are on), with the
 * history's tables. One for the whole JVM, started by the first test that asks for it; its port changes with every
 * start, which a {@link TcpProxy} hides.
 */
final class FaultyServer {
    private static final Path WORK = Path.of("target", "faulty-postgres").toAbsolutePath();
    private static final String DATABASE = "postgres";

    private final ServerProcess process;

    private static final class Holder {
        static final FaultyServer SHARED = create();
    }

    private FaultyServer(ServerProcess process) {
        this.process = process;
    }

    static FaultyServer shared() {
        // Outside of the holder, so that a test which is skipped here does not break the class for the next one.
        PostgresServer.shared().programs();
        return Holder.SHARED;
    }

    private static FaultyServer create() {
        try {
            SmallDisk.removeStale(WORK);
            StaleServers.stop(WORK);
            ServerProcess process =
                    ServerProcess.initialize(WORK, PostgresServer.shared().programs());
            Runtime.getRuntime().addShutdownHook(new Thread(process::kill, "kill the server of the faults"));
            process.start();
            FaultyServer server = new FaultyServer(process);
            server.install();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void install() {
        // After a crash the server syncs every file that it has: without these, a third is left.
        for (String template : List.of("template0", "template1")) {
            execute("alter database " + template + " is_template false");
            execute("drop database " + template);
        }
        execute(WorkflowSchema.plainPostgresAuthScript("public"));
        execute(WorkflowSchema.recreateScript("public"));
    }

    /** The processes, to be started and stopped. */
    ServerProcess process() {
        return process;
    }

    /** Makes sure that the server is as it should be, whatever a test that failed has left behind. */
    void repair() {
        if (!process.isPrimary()) {
            process.kill();
            process.start();
        }
        // Something may still hold locks.
        terminateConnections();
    }

    /** Where files of a test can lie that belong to this server. */
    Path folder() {
        return WORK;
    }

    /** A data source of the history's database, as a role that may do everything. */
    PGSimpleDataSource dataSource() {
        return dataSource(process.port());
    }

    private static PGSimpleDataSource dataSource(int port) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(DATABASE);
        dataSource.setUser("postgres");
        return dataSource;
    }

    /** The same by way of a proxy, which has to understand what passes. */
    PGSimpleDataSource dataSource(TcpProxy proxy) {
        PGSimpleDataSource dataSource = dataSource(proxy.port());
        dataSource.setSslmode("disable");
        dataSource.setGssEncMode("disable");
        return dataSource;
    }

    /** Opens a connection for a test that is a client of its own. */
    Connection connect() {
        try {
            return dataSource().getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** The first column of every row, as text. */
    List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** The one value of a query. */
    String value(String sql) {
        List<String> rows = query(sql);
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows from: " + sql);
        }
        return rows.get(0);
    }

    /** Waits until somebody waits for a lock. */
    void awaitLockWait() {
        Await.until("somebody waits for a lock", () -> value("""
                select count(*) > 0 from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'""").equals("t"));
    }

    /** Changes a setting of the running server, and waits until new connections have it. */
    void set(String setting, String value) {
        execute("alter system set " + setting + " = '" + value + "'");
        execute("select pg_reload_conf()");
        Await.until(setting + " is " + value, () -> value("show " + setting).equals(value));
    }

    /** Ends all connections to the history's database. */
    void terminateConnections() {
        query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = '"
                + DATABASE + "'");
    }
}
