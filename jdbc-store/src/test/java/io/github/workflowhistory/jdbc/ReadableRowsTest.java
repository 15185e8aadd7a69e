package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.query.ExecutionQuery;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** An end user with SQL of their own cannot write a row on which everybody's list of executions would fail. */
class ReadableRowsTest {
    private static TwoUsers users;

    @BeforeAll
    static void open() {
        users = new TwoUsers("readable_rows");
    }

    @AfterAll
    static void close() {
        users.close();
    }

    @BeforeEach
    void refill() {
        users.refill();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id           | ''
            id           | e' \\t\\n'
            id           | repeat('x', 513)
            id           | repeat('ä', 257)
            workflow_id  | ''
            workflow_id  | repeat('x', 513)
            recorder_id  | ' '
            recorder_id  | repeat('x', 513)
            created_at   | 'infinity'
            created_at   | '-infinity'
            created_at   | '10000-01-01 00:00Z'
            created_at   | '20000-01-01 00:00Z'
            created_at   | '0001-12-31 23:59:59.999999Z BC'
            started_at   | 'infinity'
            started_at   | '0044-03-15 12:00Z BC'
            completed_at | 'infinity'
            completed_at | '12026-01-01 00:00Z'
            abandoned_at | '-infinity'
            error        | repeat('x', 1048577)
            """)
    void what_cannot_be_read_back_is_refused(String column, String value) {
        for (String statement : List.of(insert(column, value), update(column, value))) {
            assertThatThrownBy(() -> TestDatabase.execute(asUser(users.database, users.ada), statement))
                    .as(statement)
                    .hasMessageContaining("new row violates row-level security policy");
        }
        assertThat(listedByAll()).containsExactlyInAnyOrder("ada", "bob", "nobody");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id           | repeat('x', 512)
            id           | repeat('ä', 256)
            id           | 'a b'
            workflow_id  | e'\\tw'
            recorder_id  | repeat('x', 512)
            recorder_id  | null
            created_at   | '0001-01-01 00:00Z'
            created_at   | '9999-12-31 23:59:59.999999Z'
            started_at   | null
            completed_at | '9999-12-31 23:59:59.999999Z'
            abandoned_at | '0001-01-01 00:00Z'
            duration_ms  | 2147483647
            error        | repeat('x', 1048576)
            """)
    void what_can_be_read_is_accepted_up_to_the_limits(String column, String value) {
        PGSimpleDataSource ada = asUser(users.database, users.ada);
        TestDatabase.execute(ada, insert(column, value));
        assertThat(listedByAll()).hasSize(4);
        TestDatabase.execute(
                ada,
                "delete from workflow_executions where id <> 'ada'; delete from execution_logs;"
                        + " delete from node_execution_results; " + update(column, value));
        assertThat(listedByAll()).hasSize(3);
    }

    /** The same characters as {@link String#isBlank()}, whatever the server takes for a space. */
    @Test
    void blank_is_what_java_calls_blank() {
        PGSimpleDataSource ada = asUser(users.database, users.ada);
        String accepted = IntStream.of(0x01, 0x08, 0x0e, 0x1b, 0x21, 0x85, 0xa0, 0x180e, 0x2007, 0x200b, 0x202f, 0xfeff)
                .peek(character -> assertThat(Character.isWhitespace(character)).isFalse())
                .mapToObj(character -> "%s,".formatted(character))
                .reduce("", String::concat);
        TestDatabase.execute(ada, """
                insert into workflow_executions (id, workflow_id, user_id)
                select chr(c::int), chr(c::int), '%s' from unnest(string_to_array('%s', ',', '')) as c where c <> ''""".formatted(users.ada, accepted));
        assertThat(listedByAll()).hasSize(15);

        List<Integer> blank = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(Character::isWhitespace)
                .boxed()
                .toList();
        assertThat(blank).hasSize(25).contains(0x1c, 0x1680, 0x2028, 0x3000);
        for (int character : blank) {
            String id = "chr(%d) || chr(%1$d)".formatted(character);
            assertThatThrownBy(() -> TestDatabase.execute(ada, insert("id", id)))
                    .as(id)
                    .hasMessageContaining("new row violates row-level security policy");
        }
    }

    @Test
    void what_must_not_be_null_is_named_as_before() {
        assertThatThrownBy(() -> TestDatabase.execute(asUser(users.database, users.ada), insert("workflow_id", "null")))
                .hasMessageContaining("null value in column \"workflow_id\"");
    }

    /** Trusted roles, and applications before their tables were adopted, wrote what they wrote. */
    @Test
    void no_constraint_binds_those_who_are_trusted() {
        users.database.execute(insert("id", "''"));
        TestDatabase.execute(users.dataSource(), update("created_at", "'infinity'"));
        assertThatThrownBy(() -> users.database.store().listExecutions(ExecutionQuery.all()))
                .hasMessageContaining("Mend or delete the row");
    }

    @Test
    void a_database_of_another_encoding_takes_the_same_policy() {
        TestDatabase latin = TestDatabase.create("readable_latin", "encoding 'LATIN1' locale 'C' template template0")
                .install();
        PGSimpleDataSource user = asUser(latin, latin.newUser());
        String insert = "insert into workflow_executions (id, workflow_id, user_id) values (%s, 'w', auth.uid())";

        TestDatabase.execute(user, insert.formatted("chr(228)"));

        assertThatThrownBy(() -> TestDatabase.execute(user, insert.formatted("' '")))
                .hasMessageContaining("new row violates row-level security policy");
    }

    /** A connection as PostgREST has it, by which an end user writes what the policies let pass. */
    private static PGSimpleDataSource asUser(TestDatabase database, UUID user) {
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setOptions("-c role=authenticated -c request.jwt.claims={\"sub\":\"" + user + "\"}");
        return dataSource;
    }

    private static String insert(String column, String value) {
        return switch (column) {
            case "id" ->
                "insert into workflow_executions (id, workflow_id, user_id) values (%s, 'w', '%s')"
                        .formatted(value, users.ada);
            case "workflow_id" ->
                "insert into workflow_executions (workflow_id, user_id) values (%s, '%s')".formatted(value, users.ada);
            default ->
                "insert into workflow_executions (workflow_id, user_id, %s) values ('w', '%s', %s)"
                        .formatted(column, users.ada, value);
        };
    }

    private static String update(String column, String value) {
        return "update workflow_executions set %s = %s where id = 'ada'".formatted(column, value);
    }

    /** What the owner lists, which is the same as what the service lists. */
    private static List<String> listedByAll() {
        List<String> listed = listed(users.database.store());
        assertThat(listed(JdbcExecutionStore.create(users.dataSource()))).isEqualTo(listed);
        return listed;
    }

    private static List<String> listed(JdbcExecutionStore store) {
        return store.listExecutions(ExecutionQuery.all()).stream()
                .map(ExecutionSummary::id)
                .toList();
    }
}
