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

    /** How PostgreSQL is made to say that it would not protect the rows; what else the error says is translated. */
    static final String REFUSAL = "the policies would not protect the rows of others: ";

    // The first statement switches, and says so to auth.uid(), which prefers the older of the two settings. Under
    // row_security = off PostgreSQL would raise an error instead of applying the policies.
    // The second one is planned and run as the new role. It raises an error unless the policies hold for that role,
    // take it for nobody else and let it pass by none of those for other roles; PostgreSQL then runs nothing of what
    // was sent behind it. No constant may stand under the outer cast, as planning would evaluate it, and fail, whatever
    // the case.
    private static final String SWITCH = """
            select
              pg_catalog.set_config('request.jwt.claims', cast(:end_user_claims as pg_catalog.text), true),
              pg_catalog.set_config('request.jwt.claim', '', true),
              pg_catalog.set_config('request.jwt.claim.sub', '', true),
              pg_catalog.set_config('request.jwt.claim.role', '', true),
              pg_catalog.set_config('row_security', 'on', true),
              pg_catalog.set_config('role', 'authenticated', true);
            select cast(
              cast('the policies would not protect the rows of others: ' as pg_catalog.text)
                operator(pg_catalog.||) case
              when current_user operator(pg_catalog.<>) 'authenticated'
                or not pg_catalog.row_security_active(cast(:end_user_executions as pg_catalog.text))
                or not pg_catalog.row_security_active(cast(:end_user_results as pg_catalog.text))
                or not pg_catalog.row_security_active(cast(:end_user_logs as pg_catalog.text))
              then pg_catalog.concat('row level security is not active for ', current_user)
              when not coalesce(auth.uid() operator(pg_catalog.=) cast(:end_user as pg_catalog.uuid), false)
              then pg_catalog.concat('auth.uid() gives ', coalesce(cast(auth.uid() as pg_catalog.text), 'nobody'),
                ', so it reads something else than the claims of the transaction (request.jwt.claims), which the one'
                ' of plain-postgres-auth.sql and that of Supabase read')
              when pg_catalog.pg_has_role(
                  cast(pg_catalog.to_regrole('service_role') as pg_catalog.oid), 'USAGE')
                or exists (
                  select from pg_catalog.pg_policy as policy
                  cross join lateral pg_catalog.unnest(policy.polroles) as role (oid)
                  where policy.polrelid operator(pg_catalog.=) any (array[
                      cast(cast(:end_user_executions as pg_catalog.regclass) as pg_catalog.oid),
                      cast(cast(:end_user_results as pg_catalog.regclass) as pg_catalog.oid),
                      cast(cast(:end_user_logs as pg_catalog.regclass) as pg_catalog.oid)])
                    and policy.polname operator(pg_catalog.~) '_(service_role|recorder)$'
                    and pg_catalog.pg_has_role(role.oid, 'USAGE'))
              then pg_catalog.concat(current_user, ' has the rights of a role that works for all users')
              end as pg_catalog.bool);
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
                .bind("end_user", id.toString())
                .bind("end_user_executions", schema.quoted() + "." + TABLES.get(0))
                .bind("end_user_results", schema.quoted() + "." + TABLES.get(1))
                .bind("end_user_logs", schema.quoted() + "." + TABLES.get(2));
    }
}
