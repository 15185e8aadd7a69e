package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.jdbc.SchemaCatalog.Fact;
import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import io.github.workflowhistory.jdbc.SchemaVerification.SchemaFindings;
import java.util.List;
import java.util.Optional;

/** Ways to the rows on which no policy of the tables is asked: partitions, views, and roles that policies do not bind. */
final class BypassComparison {
    private static final List<String> END_USERS = List.of("anon", "authenticated");

    private final SchemaCatalog found;
    private final SchemaFindings findings;

    BypassComparison(SchemaCatalog found, SchemaFindings findings) {
        this.found = found;
        this.findings = findings;
    }

    void compare() {
        for (String role : END_USERS) {
            found.of("attributes", role).forEach(this::compareAttributes);
            found.of("rights", role).forEach(this::compareRights);
        }
        found.of("partition", "").forEach(this::comparePartition);
        found.of("view", "").forEach(this::compareView);
    }

    private void compareAttributes(Fact attributes) {
        findings.addOther(
                Kind.END_USER_ROLE,
                "role " + attributes.table(),
                "the role of end users has the attribute " + attributes.definition() + ", so that no policy binds it",
                "alter role " + attributes.table() + " nosuperuser nobypassrls;");
    }

    private void compareRights(Fact rights) {
        whatItGives(rights.name())
                .ifPresent(gives -> findings.addOther(
                        Kind.END_USER_ROLE,
                        "role " + rights.table(),
                        "the role of end users has the rights of " + rights.name() + ", " + gives,
                        "revoke " + rights.definition() + ";"));
    }

    /** What a role has that end users must not have. */
    private Optional<String> whatItGives(String role) {
        for (String table : SchemaCatalog.TABLES) {
            if (found.definition("owner", table, "").equals(Optional.of(role))) {
                return Optional.of("which owns " + table);
            }
            for (Fact fact : found.of("policy", table)) {
                PolicyDefinition policy = PolicyDefinition.of(fact.definition());
                if (policy.opens() && policy.roles().contains(role)) {
                    return Optional.of("to which the policy " + fact.name() + " opens the rows of everybody");
                }
            }
        }
        return Optional.empty();
    }

    private void comparePartition(Fact partition) {
        if (partition.definition().isEmpty()) {
            return;
        }
        String protect = partition.definition().startsWith("row level security is off")
                ? "alter table " + partition.name() + " enable row level security;\n"
                : "";
        findings.addOther(
                Kind.PARTITION_OPEN,
                partition.name(),
                "policies of a table do not hold for who names its partition or heir: " + partition.definition(),
                protect + "revoke all on " + partition.name() + " from public, anon, authenticated cascade;");
    }

    private void compareView(Fact view) {
        findings.addOther(
                Kind.VIEW_OPEN,
                view.name(),
                "end users reach rows of everybody through this " + view.definition()
                        + ", unless it leaves them out itself",
                view.definition().equals("view")
                        ? "alter view " + view.name() + " set (security_invoker = true);"
                        : "revoke all on " + view.name() + " from public, anon, authenticated cascade;");
    }
}
