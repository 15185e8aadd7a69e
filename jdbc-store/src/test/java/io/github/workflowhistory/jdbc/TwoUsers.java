package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeResult;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.HistoryBatch;
import java.time.Duration;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database with users, and a login role as an application has it: it works for all users as service_role does, and may
 * act as any of them.
 */
final class TwoUsers implements AutoCloseable {
    final TestDatabase database;
    final String login = "wh_login_" + UUID.randomUUID().toString().replace("-", "");
    final UUID ada;
    final UUID bob;

    TwoUsers(String name) {
        database = TestDatabase.create(name).install();
        database.execute("create role %s login password 'secret' in role service_role, authenticated".formatted(login));
        ada = database.newUser();
        bob = database.newUser();
    }

    /** A data source for the login role. */
    PGSimpleDataSource dataSource() {
        return database.dataSource(login, "secret");
    }

    /** Nothing but an execution of each user and one of nobody: {@code ada}, {@code bob} and {@code nobody}. */
    void refill() {
        database.clear();
        database.store()
                .record(HistoryBatch.builder()
                        .addAll(execution("ada", ada))
                        .addAll(execution("bob", bob))
                        .addAll(execution("nobody", null))
                        .build());
    }

    static WorkflowExecution running(String id, UUID user) {
        return WorkflowExecution.running(id, "import-orders", user, Records.START);
    }

    /** An execution with a node result, whose id ends with -result, and a log entry, -log. */
    static HistoryBatch execution(String id, UUID user) {
        return HistoryBatch.builder()
                .add(running(id, user))
                .add(new NodeResult(
                        id + "-result",
                        id,
                        "fetch",
                        "Fetch orders",
                        NodeStatus.SUCCESS,
                        Json.of("secret of " + id),
                        null,
                        Records.at(100),
                        Records.at(500),
                        Duration.ofMillis(400),
                        1))
                .add(new ExecutionLog(
                        id + "-log", id, id + "-result", LogLevel.INFO, "secret of " + id, null, Records.at(200)))
                .build();
    }

    /** Everything that is stored of an execution, as one text. */
    String stored(String id) {
        return database.value("""
                select concat(
                  (select string_agg(e::text, ';' order by id) from workflow_executions as e where id = '%1$s'),
                  (select string_agg(r::text, ';' order by id) from node_execution_results as r
                   where execution_id = '%1$s'),
                  (select string_agg(l::text, ';' order by id) from execution_logs as l
                   where execution_id = '%1$s'))""".formatted(id));
    }

    @Override
    public void close() {
        database.execute("drop role " + login);
    }
}
