package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells in the logs of executions how many of their entries were dropped while there was no space. Markers are not
 * counted, and an execution that is gone needs none. Belongs to one writer.
 */
final class DropMarkers {
    private static final SafeLog LOG = SafeLog.of(BufferedRecorder.class);
    /** How many go to the store together. */
    private static final int PORTION = 1_000;

    private final Delivery delivery;
    private final IdGenerator ids = IdGenerator.timeOrdered();
    private final InstantSource clock = InstantSource.system();
    /** How many log entries were dropped, by execution, and not told yet. */
    private Map<String, Long> left = Map.of();

    DropMarkers(Delivery delivery) {
        this.delivery = delivery;
    }

    /** Takes what is to be told; for when everything from before is written. */
    void add(Map<String, Long> droppedByExecution) {
        left = droppedByExecution;
    }

    /** Writes what is left. After an error of ours, the next call goes on. */
    void write() {
        while (!left.isEmpty()) {
            List<Entry> markers = left.entrySet().stream()
                    .limit(PORTION)
                    .map(dropped -> marker(dropped.getKey(), dropped.getValue()))
                    .toList();
            write(markers);
            markers.forEach(marker -> left.remove(marker.executionId));
        }
    }

    /** Gives up what is left, when nothing but errors of ours comes of it. */
    void forget() {
        left = Map.of();
    }

    private Entry marker(String executionId, long dropped) {
        return Entry.marker(new ExecutionLog(
                ids.newId(),
                executionId,
                null,
                LogLevel.WARN,
                dropped + " log entries were dropped, because the history's buffer was full",
                null,
                clock.instant()));
    }

    private void write(List<Entry> markers) {
        if (markers.isEmpty()) {
            return;
        }
        RuntimeException failure = delivery.attempt(Parcel.of(markers), Delivery.PATIENT);
        if (failure == null) {
            return;
        }
        if (failure instanceof UnknownExecutionException unknown) {
            Set<String> gone = new HashSet<>(unknown.executionIds());
            List<Entry> others = new ArrayList<>(markers);
            if (others.removeIf(marker -> gone.contains(marker.executionId))) {
                write(others);
                return;
            }
        }
        if (markers.size() == 1) {
            LOG.tell(log -> log.warn("Not recorded: how many log entries of an execution were dropped", failure));
            return;
        }
        int middle = markers.size() / 2;
        write(markers.subList(0, middle));
        write(markers.subList(middle, markers.size()));
    }
}
