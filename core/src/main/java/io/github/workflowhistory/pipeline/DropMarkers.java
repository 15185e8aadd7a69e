package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the logs of executions how many of their entries were dropped while there was no space. Markers are not
 * counted, and an execution that is gone needs none. Belongs to one writer.
 */
final class DropMarkers {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedRecorder.class);
    /** How many go to the store together. */
    private static final int PORTION = 1_000;

    private final Delivery delivery;
    private final IdGenerator ids = IdGenerator.timeOrdered();
    private final InstantSource clock = InstantSource.system();

    DropMarkers(Delivery delivery) {
        this.delivery = delivery;
    }

    void write(Map<String, Long> droppedByExecution) {
        List<Entry> markers = new ArrayList<>();
        droppedByExecution.forEach((executionId, count) -> {
            markers.add(marker(executionId, count));
            if (markers.size() == PORTION) {
                write(markers);
                markers.clear();
            }
        });
        write(markers);
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
            LOG.warn("Not recorded: how many log entries of an execution were dropped", failure);
            return;
        }
        int middle = markers.size() / 2;
        write(markers.subList(0, middle));
        write(markers.subList(middle, markers.size()));
    }
}
