package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.query.ExecutionQuery;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a store acts as is what its caller said, whatever claims the session of the pool holds. */
class HostileClaimsTest {
    private static TwoUsers users;

    @BeforeAll
    static void install() {
        users = new TwoUsers("hostile_claims");
        users.refill();
    }

    @AfterAll
    static void drop() {
        users.close();
    }

    /** A UUID is hexadecimal digits and hyphens, so no quote and no line feed can get into our claims. */
    @Test
    void the_user_is_a_uuid_and_nothing_else() {
        List<Method> ways = Arrays.stream(JdbcExecutionStore.class.getMethods())
                .filter(method -> method.getName().equals("actingAs"))
                .toList();

        assertThat(ways)
                .singleElement()
                .satisfies(method -> assertThat(method.getParameterTypes()).containsExactly(UUID.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\": \"BOB\"}",
                "{\"sub\": \"BOB\", \"name\": \"it''s \\\"quoted\\\" \\n\"}",
                "{\"role\": \"service_role\", \"sub\": null}",
                "not JSON: ''\" \n}",
                ""
            })
    void claims_of_the_host_in_the_session_are_not_ours(String claims) {
        String text = claims.replace("BOB", users.bob.toString());
        try (HikariDataSource pool = TestPools.pool(users.dataSource(), 1, true)) {
            TestDatabase.execute(
                    pool, "set request.jwt.claims = '" + text + "'; set request.jwt.claim.sub = '" + users.bob + "'");
            String before = TestDatabase.value(pool, "select current_setting('request.jwt.claims')");

            assertThat(JdbcExecutionStore.create(pool).actingAs(users.ada).listExecutions(ExecutionQuery.all()))
                    .extracting(ExecutionSummary::id)
                    .containsExactly("ada");

            assertThat(TestDatabase.value(pool, "select current_setting('request.jwt.claims')"))
                    .isEqualTo(before);
            assertThat(TestDatabase.value(pool, "select current_setting('request.jwt.claim.sub')"))
                    .isEqualTo(users.bob.toString());
        }
    }

    /** What else Supabase's functions read, auth.role() and auth.jwt(), which policies of a host may ask. */
    @ParameterizedTest
    @ValueSource(strings = {"request.jwt.claim.role", "request.jwt.claim"})
    void policies_of_the_host_are_told_of_nobody_else(String setting) {
        users.database.execute("""
                create policy host on workflow_executions as restrictive to authenticated using (
                  coalesce(nullif(current_setting('%s', true), ''),
                    current_setting('request.jwt.claims')::jsonb ->> 'role') = 'authenticated')""".formatted(setting));
        try (HikariDataSource pool = TestPools.pool(users.dataSource(), 1, true)) {
            TestDatabase.execute(pool, "set " + setting + " = 'service_role'");

            assertThat(JdbcExecutionStore.create(pool).actingAs(users.ada).findExecution("ada"))
                    .isPresent();
        } finally {
            users.database.execute("drop policy host on workflow_executions");
        }
    }
}
