package io.github.workflowhistory.jdbc;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/**
 * The end user as whom a transaction works, from its opening to its end: the way PostgREST, and so Supabase, does it.
 *
 * @param id the user
 * @param schema the schema of the tables, for which row level security has to be active
 */
record EndUser(UUID id, SchemaName schema) {
    /** The role of end users who are signed in, for which the policies stand. */
    static final String ROLE = "authenticated";

    /** The tables that an end user may read and write, each as far as its policies go. */
    static final List<String> TABLES = List.of("workflow_executions", "node_execution_results", "execution_logs");

    /** How PostgreSQL is made to say that it does not protect the tables; what else the error says is translated. */
    static final String REFUSAL = "row level security is not active for ";

    // The first statement switches, and says so to auth.uid(), which prefers the older of the two settings. Under
    // row_security = off PostgreSQL would raise an error instead of applying the policies.
    // The second one is planned and run as the new role. It raises an error unless that role is bound by the
    // policies; PostgreSQL then runs nothing of what was sent behind it. No constant may stand under the cast, as
    // planning would evaluate it, and fail, whatever the case.
    private static final String SWITCH = """
            select
              pg_catalog.set_config('request.jwt.claims', cast(:end_user_claims as pg_catalog.text), true),
              pg_catalog.set_config('request.jwt.claim', '', true),
              pg_catalog.set_config('request.jwt.claim.sub', '', true),
              pg_catalog.set_config('request.jwt.claim.role', '', true),
              pg_catalog.set_config('row_security', 'on', true),
              pg_catalog.set_config('role', 'authenticated', true);
            select case
              when current_user operator(pg_catalog.=) 'authenticated'
                and pg_catalog.row_security_active(cast(:end_user_executions as pg_catalog.text))
                and pg_catalog.row_security_active(cast(:end_user_results as pg_catalog.text))
                and pg_catalog.row_security_active(cast(:end_user_logs as pg_catalog.text))
              then true
              else cast(pg_catalog.concat('row level security is not active for ', current_user)
                as pg_catalog.bool)
              end;
            """;

    /** How many results {@link #opening} has. */
    static final int RESULTS = 2;

    /** The statements that make a transaction work as the user, or fail. */
    String opening() {
        return SWITCH;
    }

    void bind(Query query) {
        // A UUID and the name of the role need no escaping.
        query.bind("end_user_claims", "{\"sub\":\"" + id + "\",\"role\":\"" + ROLE + "\"}")
                .bind("end_user_executions", schema.quoted() + "." + TABLES.get(0))
                .bind("end_user_results", schema.quoted() + "." + TABLES.get(1))
                .bind("end_user_logs", schema.quoted() + "." + TABLES.get(2));
    }
}
