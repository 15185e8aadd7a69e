package io.github.workflowhistory.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the records are that a {@link BufferedRecorder} was handed, at one moment. The unit is a record as handed in;
 * records that are merged count each, and what the recorder itself writes about dropped entries counts nowhere here.
 * Always: {@code accepted = stored + rejected + dropped + queued + inFlight}.
 *
 * @param accepted handed in while the recorder was open
 * @param stored taken by the store
 * @param rejected refused by the store, each told to the rejection listener
 * @param dropped lost because there was no space, or because the recorder was closed before they could be written
 * @param queued waiting
 * @param inFlight being written
 * @param late handed in after the recorder was closed, and ignored; not part of {@code accepted}
 * @param usedBytes the memory that queued records and those in flight hold, estimated from above
 * @param capacityBytes the bound on {@code usedBytes}, without the reserve for ends of executions
 * @param oldestUnsaved how long the oldest record waits that is queued or in flight, or null when there is none
 */
public record PipelineStats(
        long accepted,
        long stored,
        long rejected,
        long dropped,
        long queued,
        long inFlight,
        long late,
        long usedBytes,
        long capacityBytes,
        @Nullable Duration oldestUnsaved) {}
