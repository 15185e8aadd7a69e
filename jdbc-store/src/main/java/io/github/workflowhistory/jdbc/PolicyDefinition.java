package io.github.workflowhistory.jdbc;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A policy as the catalog spells it: {@code for select to authenticated using (true)}.
 *
 * <p>It opens rows when it is permissive and one of its conditions cannot depend on who asks. A condition that asks calls
 * a function that PostgreSQL does not bring along, such as {@code auth.uid()} or one of the host's, or one that knows the
 * session, or reads a table. Whether a condition that does ask is right, nobody can tell from here.
 *
 * @param roles for whom it stands
 * @param opens whether it opens rows to all of them, whoever they are
 */
record PolicyDefinition(List<String> roles, boolean opens) {
    private static final Pattern POLICY = Pattern.compile(
            "(as restrictive )?for (\\w+) to (.+?)(?: using \\((.*?)\\))?(?: with check \\((.*)\\))?", Pattern.DOTALL);

    /** What the host wrote, which could look like anything: constants and quoted names. */
    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

    // The catalog is read with a search_path of PostgreSQL's own functions and tables, so that a name with a schema is
    // somebody else's. The FROM of "extract(year from …)" reads no table.
    private static final Pattern ASKS = Pattern.compile("""
            \\w\\.\\w+\\(
            | \\b(?:CURRENT_USER|CURRENT_ROLE|SESSION_USER|USER)\\b
            | \\b(?:current_setting|pg_has_role|has_\\w+_privilege)\\(
            | (?<!\\bEXTRACT\\(\\w{1,16}\\ )\\bFROM\\ \\(*\\w+\\.\\w""", Pattern.COMMENTS);

    /** Reads what the catalog says. What it cannot read, it takes for a policy that opens nothing. */
    static PolicyDefinition of(String definition) {
        Matcher parts = POLICY.matcher(definition);
        if (!parts.matches()) {
            return new PolicyDefinition(List.of(), false);
        }
        boolean permissive = parts.group(1) == null;
        return new PolicyDefinition(
                List.of(parts.group(3).split(", ", -1)),
                permissive && (opens(parts.group(4)) || opens(parts.group(5))));
    }

    /** A condition that is not there allows nothing. */
    private static boolean opens(@Nullable String condition) {
        return condition != null
                && !ASKS.matcher(QUOTED.matcher(condition).replaceAll("q")).find();
    }
}
