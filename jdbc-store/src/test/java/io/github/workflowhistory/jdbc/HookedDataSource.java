package io.github.workflowhistory.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A data source on which tests listen in and interfere. */
final class HookedDataSource implements DataSource {
    private final DataSource target;
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private volatile Hook hook = (connection, call, proceed) -> proceed.run();

    HookedDataSource(DataSource target) {
        this.target = target;
    }

    /** What happens instead of a call of execute, commit, rollback, setAutoCommit or close. */
    interface Hook {
        void on(Connection connection, String call, Proceed proceed) throws SQLException;
    }

    /** The call itself. */
    interface Proceed {
        void run() throws SQLException;
    }

    HookedDataSource on(Hook newHook) {
        hook = newHook;
        return this;
    }

    /** The calls of execute and commit so far. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = target.getConnection();
        return proxy(Connection.class, (method, arguments) -> {
            switch (method.getName()) {
                case "commit", "rollback", "close", "setAutoCommit" -> {
                    return hooked(connection, method, connection, arguments);
                }
                case "prepareStatement" -> {
                    PreparedStatement statement = (PreparedStatement) invoke(method, connection, arguments);
                    return proxy(
                            PreparedStatement.class,
                            (called, parameters) -> called.getName().startsWith("execute")
                                    ? hooked(connection, called, statement, parameters)
                                    : invoke(called, statement, parameters));
                }
                default -> {
                    return invoke(method, connection, arguments);
                }
            }
        });
    }

    private Object hooked(Connection connection, Method method, Object on, Object[] arguments) throws SQLException {
        calls.add(method.getName());
        Object[] result = new Object[1];
        hook.on(connection, method.getName(), () -> result[0] = invoke(method, on, arguments));
        return result[0];
    }

    private interface Handler {
        Object handle(Method method, Object[] arguments) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> handler.handle(method, arguments)));
    }

    private static Object invoke(Method method, Object on, Object[] arguments) throws SQLException {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Connection getConnection(String user, String password) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return target.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return target.isWrapperFor(type);
    }
}
