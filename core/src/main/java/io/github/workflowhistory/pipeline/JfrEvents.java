package io.github.workflowhistory.pipeline;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** What a {@link BufferedRecorder} tells JDK Flight Recorder. */
final class JfrEvents {
    private static final String CATEGORY = "Workflow History";
    private static final String PREFIX = "io.github.workflowhistory.";

    private JfrEvents() {}

    /** A batch was written. */
    @Name(PREFIX + "Flush")
    @Label("History Flush")
    @Category(CATEGORY)
    @Description("A batch of history records was written to the store")
    @StackTrace(false)
    static final class Flush extends Event {
        @Label("Executions")
        long executions;

        @Label("Node Results")
        long nodeResults;

        @Label("Log Entries")
        long logs;

        @Label("Buffered Bytes")
        @DataAmount
        long bytes;

        void fill(RecordCounts records, long size) {
            executions = records.executions();
            nodeResults = records.nodeResults();
            logs = records.logs();
            bytes = size;
        }
    }

    /** An attempt to write a batch failed and is repeated. */
    @Name(PREFIX + "Retry")
    @Label("History Retry")
    @Category(CATEGORY)
    @Description("An attempt to write a batch of history records failed and is repeated")
    @StackTrace(false)
    static final class Retry extends Event {
        @Label("Kind")
        @Description("The kind of trouble")
        String kind = "";

        @Label("Error")
        String error = "";

        @Label("Failures")
        @Description("How many attempts have failed for this batch")
        int failures;

        @Label("Pause")
        @Timespan(Timespan.MILLISECONDS)
        long pause;
    }

    /** Records were dropped, from the first one until there was space again. */
    @Name(PREFIX + "Drop")
    @Label("History Drop")
    @Category(CATEGORY)
    @Description("The buffer was full, and history records were dropped until there was space again")
    @StackTrace(false)
    static final class Drop extends Event {
        @Label("Records")
        long records;
    }
}
