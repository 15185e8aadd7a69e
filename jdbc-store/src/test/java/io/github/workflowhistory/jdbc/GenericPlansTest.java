package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A plan that a connection made while the tables were empty, and keeps while they grow, until they are analyzed: it must
 * not read a table whole.
 */
class GenericPlansTest {
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):(\\w+)");

    private static TestDatabase database;

    @BeforeAll
    static void install() {
        database = TestDatabase.create("generic_plans").install();
    }

    static Stream<Arguments> statements() {
        return Stream.of(
                Arguments.of("lock executions", ExecutionWrites.LOCK),
                Arguments.of("update executions", ExecutionWrites.UPDATE),
                Arguments.of("find foreign node results", ForeignIds.sql(NodeResultWrites.TABLE)),
                Arguments.of("link logs", NodeResultWrites.LINK_LOGS),
                Arguments.of("insert logs", LogWrites.INSERT),
                Arguments.of("find foreign runs", LogWrites.FIND_FOREIGN_RUNS),
                Arguments.of("find own runs", LogWrites.FIND_OWN_RUNS),
                Arguments.of("find foreign logs", ForeignIds.sql(LogWrites.TABLE)),
                Arguments.of("find execution", ExecutionReads.FIND),
                Arguments.of("results of an execution", ExecutionReads.RESULTS_OF),
                Arguments.of("logs of an execution", ExecutionReads.LOGS_OF));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void no_table_is_read_whole(String name, String sql) throws SQLException {
        // Every parameter by its own number, or by the type of what it is compared with.
        Matcher parameters = PARAMETER.matcher(SchemaName.PUBLIC.in(sql).strip().replaceFirst(";$", ""));
        StringBuilder numbered = new StringBuilder();
        int count = 0;
        while (parameters.find()) {
            parameters.appendReplacement(numbered, "\\$" + ++count);
        }
        parameters.appendTail(numbered);

        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("prepare made_early as " + numbered);
            String nulls = "null" + ", null".repeat(count - 1);
            StringBuilder plan = new StringBuilder();
            try (ResultSet lines = statement.executeQuery("explain (costs off) execute made_early(" + nulls + ")")) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }

            assertThat(plan.toString()).contains("Index").doesNotContain("Seq Scan");
        }
    }
}
