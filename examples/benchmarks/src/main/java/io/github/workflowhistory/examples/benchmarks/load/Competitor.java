package io.github.workflowhistory.examples.benchmarks.load;

import java.time.Duration;

/** One way to make the history of executions durable. */
interface Competitor {
    /** What the table calls it. */
    String name();

    /** Over how many connections it writes; its limit is COPY binary over as many. */
    int connections();

    /** The part of a run's executions that is enough to measure it: slow ones need not write for minutes. */
    default double share() {
        return 1;
    }

    /** What it should reach of COPY binary, or zero when there is nothing to reach. */
    default double goal() {
        return 0;
    }

    /**
     * Writes the history of new executions of the workload into empty tables.
     *
     * @return the time from the first call until every row was durable
     */
    Duration record(int executions) throws Exception;
}
