package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.store.ExecutionRecorder;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the records of one lane to the store, in order: tries a batch until it is there, and takes apart one that can
 * never be there as it is, so that a record which the store refuses costs none of its neighbours.
 */
final class Writer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedRecorder.class);

    /** How often an unknown failure, and a single record that takes too long, is tried before it counts as refused. */
    private static final int UNKNOWN_ATTEMPTS = 4;
    /** Of how many executions that were refused it is remembered, so that what follows for them is refused at once. */
    private static final int REMEMBERED_EXECUTIONS = 10_000;

    private final int lane;
    private final Buffer buffer;
    private final ExecutionRecorder target;
    private final RejectionListener rejections;
    private final TroubleLog trouble;
    private final IdGenerator ids;
    private final InstantSource clock;
    private final Grace grace;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Set<String> refusedExecutions = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_EXECUTIONS;
        }
    });

    Writer(
            int lane,
            Buffer buffer,
            ExecutionRecorder target,
            RejectionListener rejections,
            TroubleLog trouble,
            IdGenerator ids,
            InstantSource clock,
            PipelineSettings settings) {
        this.lane = lane;
        this.buffer = buffer;
        this.target = target;
        this.rejections = rejections;
        this.trouble = trouble;
        this.ids = ids;
        this.clock = clock;
        this.grace = new Grace(settings.grace());
    }

    /** The recorder was closed and its time is up. */
    private static final class Aborted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Aborted() {
            super(null, null, false, false);
        }
    }

    @Override
    public void run() {
        while (true) {
            List<Entry> batch = buffer.take(lane, grace.firstSequence(), grace.nextDue());
            boolean closing = batch == null;
            try {
                deliver(grace.admit(batch == null ? List.of() : batch, System.nanoTime()));
                retryWaiting(closing);
                writeMarkers();
            } catch (Aborted e) {
                return;
            }
            if (closing) {
                return;
            }
        }
    }

    /** Brings records to an end, whichever: stored, rejected, or waiting for their execution. */
    private void deliver(List<Entry> entries) {
        List<Entry> deliverable = withoutRefusedExecutions(entries);
        if (deliverable.isEmpty()) {
            return;
        }
        RuntimeException failure = attempt(deliverable);
        if (failure == null) {
            buffer.stored(deliverable);
        } else if (failure instanceof UnknownExecutionException unknown) {
            deliverOthers(deliverable, unknown);
        } else {
            isolate(deliverable, failure);
        }
    }

    private List<Entry> withoutRefusedExecutions(List<Entry> entries) {
        if (refusedExecutions.isEmpty()) {
            return entries;
        }
        List<Entry> deliverable = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            if (refusedExecutions.contains(entry.executionId)) {
                reject(List.of(entry), new UnknownExecutionException(List.of(entry.executionId)));
            } else {
                deliverable.add(entry);
            }
        }
        return deliverable;
    }

    /** Lets the records of unknown executions wait, and delivers the others. */
    private void deliverOthers(List<Entry> entries, UnknownExecutionException failure) {
        Set<String> unknown = new HashSet<>(failure.executionIds());
        List<Entry> others = new ArrayList<>(entries.size());
        Map<String, List<Entry>> missing = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (unknown.contains(entry.executionId)) {
                missing.computeIfAbsent(entry.executionId, id -> new ArrayList<>())
                        .add(entry);
            } else {
                others.add(entry);
            }
        }
        if (missing.isEmpty()) {
            isolate(entries, failure);
            return;
        }
        long now = System.nanoTime();
        missing.forEach((id, group) -> grace.add(id, group, now));
        deliver(others);
    }

    private void retryWaiting(boolean closing) {
        long now = System.nanoTime();
        grace.due(now, closing).forEach((id, group) -> {
            RuntimeException failure = attempt(group.entries);
            if (failure == null) {
                grace.remove(id);
                buffer.stored(group.entries);
            } else if (!(failure instanceof UnknownExecutionException)) {
                grace.remove(id);
                isolate(group.entries, failure);
            } else if (closing || group.isOver(now)) {
                grace.remove(id);
                refusedExecutions.add(id);
                reject(group.entries, failure);
            }
        });
    }

    /** Takes a refused batch apart: first by execution, then within it, in order, so that parents come first. */
    private void isolate(List<Entry> entries, RuntimeException failure) {
        if (entries.size() == 1) {
            isolate(entries.get(0), failure);
            return;
        }
        Map<String, List<Entry>> executions = new LinkedHashMap<>();
        entries.forEach(entry -> executions
                .computeIfAbsent(entry.executionId, id -> new ArrayList<>())
                .add(entry));
        if (executions.size() == 1) {
            int middle = entries.size() / 2;
            deliver(entries.subList(0, middle));
            deliver(entries.subList(middle, entries.size()));
            return;
        }
        List<Entry> first = new ArrayList<>();
        List<Entry> second = new ArrayList<>();
        int middle = executions.size() / 2;
        int number = 0;
        for (List<Entry> execution : executions.values()) {
            (number++ < middle ? first : second).addAll(execution);
        }
        deliver(first);
        deliver(second);
    }

    private void isolate(Entry entry, RuntimeException failure) {
        Entry slim = entry.worth == Entry.Worth.END
                ? entry.withoutPayload("The output was left out, because the store refused it: " + failure.getMessage())
                : null;
        if (slim != null && attempt(List.of(slim)) == null) {
            buffer.stored(List.of(entry));
            return;
        }
        if (entry.createsExecution()) {
            refusedExecutions.add(entry.executionId);
        }
        reject(List.of(entry), failure);
    }

    /** Tries until the records are in the store, which gives null, or can never be as they are, which gives why. */
    private @Nullable RuntimeException attempt(List<Entry> entries) {
        HistoryBatch batch;
        try {
            batch = Entry.batchOf(entries);
        } catch (IdConflictException e) {
            return e;
        }
        int failures = 0;
        int unknownFailures = 0;
        while (true) {
            if (buffer.isAborted()) {
                throw new Aborted();
            }
            RuntimeException failure = tryOnce(batch);
            if (failure == null) {
                return null;
            }
            failures++;
            Kind kind = failure instanceof HistoryStoreException known ? known.kind() : Kind.UNKNOWN;
            switch (kind) {
                case DATA -> {
                    return failure;
                }
                case TIMEOUT -> {
                    if (entries.size() > 1 || failures >= UNKNOWN_ATTEMPTS) {
                        return failure;
                    }
                }
                case UNKNOWN -> {
                    if (++unknownFailures >= UNKNOWN_ATTEMPTS) {
                        return failure;
                    }
                }
                case CONNECTION, CONTENTION, RESOURCES, STALE_STATEMENT, CONFIGURATION -> {}
            }
            trouble.failed(kind, failure);
            if (!buffer.pause(Backoff.pause(kind, failures, random))) {
                throw new Aborted();
            }
        }
    }

    private @Nullable RuntimeException tryOnce(HistoryBatch batch) {
        try {
            target.record(batch);
            trouble.succeeded();
            return null;
        } catch (RuntimeException e) {
            return e;
        } catch (Throwable e) {
            // An Error of the store or of a driver must not end the thread that everything depends on.
            return new HistoryStoreException(Kind.UNKNOWN, "the store failed with " + e, e);
        }
    }

    /** Tells in the logs of executions how many of their entries were dropped while there was no space. */
    private void writeMarkers() {
        List<Entry> entries = new ArrayList<>();
        buffer.takeEpisodes(lane)
                .forEach((executionId, count) -> entries.add(Entry.of(new ExecutionLog(
                        ids.newId(),
                        executionId,
                        null,
                        LogLevel.WARN,
                        count + " log entries were dropped, because the history's buffer was full",
                        null,
                        clock.instant()))));
        for (Entry entry : entries) {
            // Not through deliver: these are not counted, and an execution that is gone needs no marker.
            RuntimeException failure = attempt(List.of(entry));
            if (failure != null) {
                LOG.debug(
                        "Not recorded for execution {}: how many log entries were dropped", entry.executionId, failure);
            }
        }
    }

    private void reject(List<Entry> entries, RuntimeException cause) {
        buffer.rejected(entries);
        try {
            rejections.rejected(Entry.batchOf(entries), cause);
        } catch (RuntimeException e) {
            LOG.error("The rejection listener failed", e);
        }
    }
}
