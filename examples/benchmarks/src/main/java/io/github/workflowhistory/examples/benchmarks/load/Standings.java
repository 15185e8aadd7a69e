package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.examples.benchmarks.report.Table;
import java.util.List;

/** What came out, as a table, and whether it means anything. */
record Standings(List<Competitor> competitors, Rounds.Results results) {

    String table() {
        Table table = new Table("workload W, durable", "events/s", "of COPY binary", "goal");
        for (Competitor each : competitors) {
            double ratio = results.ratio(each.name(), Field.limit(each.connections()));
            table.row(
                    each.name(),
                    Table.count(results.median(each.name())),
                    Table.decimal(ratio, 2),
                    each.goal() == 0
                            ? ""
                            : Table.decimal(each.goal(), 1) + (ratio >= each.goal() ? " reached" : " missed"));
        }
        return table.toString();
    }

    /** What a call costs that returns when its record is durable; empty when none was measured. */
    String costOfWaiting() {
        StringBuilder text = new StringBuilder();
        for (Competitor each : competitors) {
            if (each instanceof Library library && library.waits()) {
                // Each thread makes one call after the other, so this is how long it waits for each.
                double millis = 1_000.0 * library.hosts() / results.median(each.name());
                text.append("A call takes ")
                        .append(Table.decimal(millis, 1))
                        .append(" ms: ")
                        .append(each.name())
                        .append('\n');
            }
        }
        return text.toString();
    }

    /**
     * Refuses a run in which the fastest way to write is no faster than one that checks for conflicts: then something
     * else than the database was measured, such as a disk without fsync or a machine that is busy.
     */
    void requireMeaning() throws VoidRunException {
        double ratio = results.ratio(Field.IDEMPOTENT, Field.COPY_BINARY);
        if (ratio >= 1) {
            throw new VoidRunException("COPY binary did not beat the idempotent insert, which reached "
                    + Table.decimal(ratio, 2) + " times its speed");
        }
    }
}
