package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.SchemaCatalog.Fact;
import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import io.github.workflowhistory.jdbc.SchemaVerification.SchemaFindings;
import java.util.List;
import java.util.Optional;

/**
 * Who may see and change rows: owners, row level security, policies, privileges.
 *
 * <p>A policy of the host's own is the host's business unless it opens rows to end users whoever they are: it stands for
 * anon, authenticated or everybody, and {@linkplain PolicyDefinition does not ask}.
 */
final class AccessComparison {
    private static final List<String> END_USERS = List.of("public", "anon", "authenticated");

    private final SchemaCatalog expected;
    private final SchemaCatalog found;
    private final SchemaFindings findings;

    AccessComparison(SchemaCatalog expected, SchemaCatalog found, SchemaFindings findings) {
        this.expected = expected;
        this.found = found;
        this.findings = findings;
    }

    void compare(String table) {
        compareOwner(table);
        if (!found.definition("table", table, "").equals(expected.definition("table", table, ""))) {
            findings.add(
                    Kind.ROW_LEVEL_SECURITY_OFF,
                    table,
                    "row level security is off: every end user with a grant has all rows",
                    "alter table " + findings.nameOf(table) + " enable row level security;");
        }
        expected.of("policy", table).forEach(this::compareOurs);
        found.of("policy", table).stream()
                .filter(policy -> !expected.has(policy) && opensToEverybody(policy))
                .forEach(policy -> findings.add(
                        Kind.POLICY_UNSCOPED,
                        policy,
                        "the policy opens rows to end users whoever they are: " + policy.definition(),
                        drop(policy)));
        compareGrants(table);
    }

    /** Foreign keys act as the owner, so one that owns a part only cannot cascade into the rest. */
    private void compareOwner(String table) {
        Optional<String> owner = found.definition("owner", table, "");
        if (owner.filter(END_USERS::contains).isPresent()) {
            findings.add(
                    Kind.TABLE_OWNER,
                    table,
                    "the table belongs to end users (" + owner.get() + "), and policies do not bind an owner",
                    "alter table " + findings.nameOf(table) + " owner to current_user;");
            return;
        }
        Optional<String> wanted = found.definition("owner", "workflow_executions", "");
        if (EndUser.TABLES.contains(table) && !owner.equals(wanted)) {
            findings.add(
                    Kind.TABLE_OWNER,
                    table,
                    "the table belongs to " + owner.orElseThrow() + ", workflow_executions to " + wanted.orElseThrow(),
                    "alter table " + findings.nameOf(table) + " owner to " + wanted.orElseThrow() + ";");
        }
    }

    private void compareOurs(Fact policy) {
        String create = "create policy " + policy.name() + " on " + findings.nameOf(policy.table()) + " "
                + policy.definition() + ";";
        Optional<String> actual = found.definition("policy", policy.table(), policy.name());
        if (actual.isEmpty()) {
            findings.add(Kind.POLICY_MISSING, policy, "the policy does not exist", create);
        } else if (!actual.get().equals(policy.definition())) {
            Fact altered = new Fact("policy", policy.table(), policy.name(), actual.get());
            findings.add(
                    opensToEverybody(altered) ? Kind.POLICY_UNSCOPED : Kind.POLICY_ALTERED,
                    policy,
                    "the policy is not what the script made: " + actual.get(),
                    drop(policy) + "\n" + create);
        }
    }

    private static boolean opensToEverybody(Fact fact) {
        PolicyDefinition policy = PolicyDefinition.of(fact.definition());
        return policy.opens() && policy.roles().stream().anyMatch(END_USERS::contains);
    }

    private String drop(Fact policy) {
        return "drop policy \"" + policy.name().replace("\"", "\"\"") + "\" on " + findings.nameOf(policy.table())
                + ";";
    }

    private void compareGrants(String table) {
        String on = " on " + findings.nameOf(table);
        for (Fact grant : expected.of("grant", table)) {
            boolean held = found.has(grant)
                    || found.has(new Fact("grant", table, grant.name(), grant.definition() + " with grant option"));
            if (!held) {
                findings.add(
                        Kind.GRANT_MISSING,
                        grant,
                        grant.name() + " may not " + grant.definition(),
                        "grant " + grant.definition() + on + " to " + grant.name() + ";");
            }
        }
        for (Fact grant : found.of("grant", table)) {
            if (END_USERS.contains(grant.name()) && !expected.has(grant) && !isOursOfAColumn(grant)) {
                findings.add(
                        Kind.GRANT_TOO_WIDE, grant, grant.name() + " holds " + grant.definition(), revoke(grant, on));
            }
        }
    }

    /** Who may do it with the whole table may do it with a column. */
    private boolean isOursOfAColumn(Fact grant) {
        return grant.definition().endsWith(" of a column")
                && expected.has(new Fact(
                        "grant", grant.table(), grant.name(), grant.definition().replace(" of a column", "")));
    }

    private static String revoke(Fact grant, String on) {
        boolean option = grant.definition().endsWith(" with grant option");
        String privilege = grant.definition().replace(" with grant option", "");
        boolean ofColumn = privilege.endsWith(" of a column");
        // Revoked from the table, a privilege goes from its columns too.
        return "revoke " + (option && !ofColumn ? "grant option for " : "") + privilege.replace(" of a column", "") + on
                + " from " + grant.name() + (option ? " cascade" : "") + ";";
    }

    void compareUsage() {
        for (Fact usage : expected.of("usage", "")) {
            if (!found.has(usage)) {
                findings.addSchema(
                        Kind.GRANT_MISSING,
                        usage.name() + " may not use the schema",
                        "grant usage on schema " + findings.schema() + " to " + usage.name() + ";");
            }
        }
    }
}
