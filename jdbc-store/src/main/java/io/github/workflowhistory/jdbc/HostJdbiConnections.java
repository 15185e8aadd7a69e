package io.github.workflowhistory.jdbc;

import java.sql.Connection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes connections from a host's Jdbi without using or changing its configuration: each comes out of a handle of the
 * host's, which is closed when the connection is given back.
 */
final class HostJdbiConnections implements ConnectionFactory {
    private final Jdbi host;
    private final Map<Connection, Handle> handles = Collections.synchronizedMap(new IdentityHashMap<>());

    HostJdbiConnections(Jdbi host) {
        this.host = host;
    }

    @Override
    public Connection openConnection() {
        Handle handle = host.open();
        Connection connection = handle.getConnection();
        handles.put(connection, handle);
        return connection;
    }

    @Override
    public void closeConnection(Connection connection) {
        Handle handle = handles.remove(connection);
        if (handle != null) {
            handle.close();
        }
    }
}
