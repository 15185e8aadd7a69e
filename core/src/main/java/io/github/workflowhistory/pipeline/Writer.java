package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.pipeline.Entry.Outcome;
import io.github.workflowhistory.store.HistoryStoreException;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.github.workflowhistory.store.IdConflictException;
import io.github.workflowhistory.store.UnknownExecutionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings the records of one lane to an end, in order: stored, or rejected. Takes apart a batch that can never be in the
 * store as it is, so that a record which the store refuses costs none of its neighbours.
 */
final class Writer implements Runnable {
    private static final SafeLog LOG = SafeLog.of(BufferedRecorder.class);

    /** How often this code may fail over the same records before they are given up. */
    private static final int OWN_FAILURES = 3;

    private static final Duration AFTER_OWN_FAILURE = Duration.ofMillis(50);

    private final int lane;
    private final Buffer buffer;
    private final Delivery delivery;
    private final Trouble trouble;
    private final Rejections rejections;
    private final Grace grace;
    private final DropMarkers markers;
    private final RefusedExecutions refusedExecutions;

    /** What was taken out of the buffer, or out of the grace, and is being brought to its end. */
    private List<Entry> unsettled = List.of();

    /** Nothing more comes: what waits for its execution is tried once more and then refused. */
    private boolean closing;

    private int ownFailures;

    Writer(
            int lane,
            Buffer buffer,
            Delivery delivery,
            Trouble trouble,
            Rejections rejections,
            RefusedExecutions refusedExecutions,
            Duration grace) {
        this.lane = lane;
        this.buffer = buffer;
        this.delivery = delivery;
        this.trouble = trouble;
        this.rejections = rejections;
        this.refusedExecutions = refusedExecutions;
        this.grace = new Grace(grace);
        this.markers = new DropMarkers(delivery);
    }

    @Override
    public void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = goOn();
            } catch (Delivery.Aborted e) {
                // What was left is counted already.
                goesOn = false;
            } catch (Throwable e) {
                // There was not even memory to recover. This thread has to go on, and parking needs none.
                LockSupport.parkNanos(AFTER_OWN_FAILURE.toNanos());
            }
        }
    }

    private boolean goOn() {
        try {
            if (unsettled.isEmpty()) {
                // What an error kept from being written before.
                markers.write();
                List<Entry> batch = buffer.take(lane, grace.oldest(), grace.nextDue());
                if (batch == null) {
                    closing = true;
                    retryWaiting();
                    writeMarkers();
                    buffer.ended(lane);
                    return false;
                }
                unsettled = batch;
                deliver(batch, Delivery.PATIENT);
            } else {
                deliverAgain();
            }
            unsettled = List.of();
            retryWaiting();
            writeMarkers();
            ownFailures = 0;
        } catch (Delivery.Aborted e) {
            throw e;
        } catch (Throwable e) {
            recover(e);
        }
        return true;
    }

    /** Out of memory, a class that cannot be loaded, an error of ours: this thread has to go on. */
    private void recover(Throwable failure) {
        if (++ownFailures == OWN_FAILURES) {
            LOG.tell(log ->
                    log.error("The history's writer failed {} times in a row and goes on", OWN_FAILURES, failure));
            markers.forget();
        }
        if (!buffer.pause(AFTER_OWN_FAILURE)) {
            throw new Delivery.Aborted();
        }
    }

    /**
     * Goes on after a failure of ours, which may have struck anywhere: with what is not settled yet, at last one by one,
     * so that what cannot be handled costs none of its neighbours.
     */
    private void deliverAgain() {
        List<Entry> pending = new ArrayList<>(unsettled);
        pending.removeIf(entry -> !isOurs(entry));
        unsettled = pending;
        if (ownFailures < OWN_FAILURES) {
            deliver(pending, Delivery.PATIENT);
            return;
        }
        for (Entry entry : pending) {
            try {
                deliver(List.of(entry), Delivery.PATIENT);
            } catch (Delivery.Aborted e) {
                throw e;
            } catch (Throwable e) {
                if (isOurs(entry)) {
                    reject(
                            List.of(entry),
                            new HistoryStoreException(Kind.UNKNOWN, "the writer failed with " + e.getClass(), e));
                }
            }
        }
    }

    /** Whether a record is neither settled nor waiting for its execution. */
    private boolean isOurs(Entry entry) {
        return entry.outcome == Outcome.PENDING && !grace.holds(entry);
    }

    /**
     * Brings records to an end, whichever: stored, rejected, or waiting for their execution. Asks for each part of a
     * batch that is taken apart whether its execution is waited for, because a part before may have begun to.
     */
    private void deliver(List<Entry> entries, int unknownAttempts) {
        List<Entry> deliverable = withoutRefusedExecutions(grace.admit(entries, System.nanoTime()));
        if (deliverable.isEmpty()) {
            return;
        }
        Parcel parcel;
        try {
            parcel = Parcel.of(deliverable);
        } catch (RuntimeException e) {
            // They contradict each other.
            isolate(deliverable, e);
            return;
        }
        // What is alone is given up next, so that it gets the time in which a failure that nobody knows may pass.
        int attempts = deliverable.size() == 1 ? Delivery.PATIENT : unknownAttempts;
        RuntimeException failure = delivery.attempt(parcel, attempts);
        if (failure == null) {
            stored(parcel);
        } else if (failure instanceof UnknownExecutionException unknown) {
            deliverOthers(deliverable, unknown, unknownAttempts);
        } else {
            isolate(deliverable, failure);
        }
    }

    private List<Entry> withoutRefusedExecutions(List<Entry> entries) {
        if (refusedExecutions.isEmpty()) {
            return entries;
        }
        long now = System.nanoTime();
        List<Entry> deliverable = new ArrayList<>(entries.size());
        Map<String, List<Entry>> refused = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.createsExecution()) {
                // Recorded anew, or later than the grace lasts: it needs no other to be there.
                refusedExecutions.remove(entry.executionId);
            }
            if (refusedExecutions.contains(entry.executionId, now)) {
                refused.computeIfAbsent(entry.executionId, id -> new ArrayList<>())
                        .add(entry);
            } else {
                deliverable.add(entry);
            }
        }
        refused.forEach((id, group) -> reject(group, new UnknownExecutionException(List.of(id))));
        return deliverable;
    }

    /** Lets the records of unknown executions wait, or rejects them when they have, and delivers the others. */
    private void deliverOthers(List<Entry> entries, UnknownExecutionException failure, int unknownAttempts) {
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
        missing.forEach((id, group) -> {
            if (closing || grace.isOver(group, now)) {
                refusedExecutions.add(id, now);
                reject(group, new UnknownExecutionException(List.of(id)));
            } else {
                grace.add(id, group, now);
            }
        });
        deliver(others, unknownAttempts);
    }

    /** Tries again what waits for its execution. */
    private void retryWaiting() {
        long now = System.nanoTime();
        unsettled = grace.takeDue(now, closing);
        while (!unsettled.isEmpty()) {
            deliver(unsettled, Delivery.PATIENT);
            unsettled = grace.takeDue(now, closing);
        }
    }

    /** Takes a refused batch apart: first by execution, then within it, in order, so that parents come first. */
    private void isolate(List<Entry> entries, RuntimeException failure) {
        if (entries.size() == 1) {
            isolate(entries.get(0), failure);
            return;
        }
        int attempts = attemptsAfter(failure);
        Map<String, List<Entry>> executions = new LinkedHashMap<>();
        entries.forEach(entry -> executions
                .computeIfAbsent(entry.executionId, id -> new ArrayList<>())
                .add(entry));
        if (executions.size() == 1) {
            int middle = entries.size() / 2;
            deliver(entries.subList(0, middle), attempts);
            deliver(entries.subList(middle, entries.size()), attempts);
            return;
        }
        List<Entry> first = new ArrayList<>();
        List<Entry> second = new ArrayList<>();
        int middle = executions.size() / 2;
        int number = 0;
        for (List<Entry> execution : executions.values()) {
            (number++ < middle ? first : second).addAll(execution);
        }
        deliver(first, attempts);
        deliver(second, attempts);
    }

    /** How often what is left of refused records is tried, when nobody knows the kind of failure. */
    private static int attemptsAfter(RuntimeException failure) {
        boolean isUnknown = !(failure instanceof HistoryStoreException known) || known.kind() == Kind.UNKNOWN;
        return isUnknown ? Delivery.IMPATIENT : Delivery.PATIENT;
    }

    private void isolate(Entry entry, RuntimeException failure) {
        if (mayBeAboutContent(failure)) {
            Parcel whole = Parcel.of(List.of(entry));
            for (Entry slim : entry.slimmer(String.valueOf(failure.getMessage()))) {
                // After a failure that nobody knows only once: what lands at once where the whole has just failed
                // several times owes it to what it lacks, and not to the time that has passed.
                if (delivery.attempt(Parcel.of(List.of(slim)), attemptsAfter(failure)) == null) {
                    stored(whole);
                    return;
                }
            }
        }
        if (entry.createsExecution()) {
            refusedExecutions.add(entry.executionId, System.nanoTime());
        }
        reject(List.of(entry), failure);
    }

    /** Whether less to write may help: not when an execution is missing, or an id belongs to something else. */
    private static boolean mayBeAboutContent(RuntimeException failure) {
        return !(failure instanceof UnknownExecutionException) && !(failure instanceof IdConflictException);
    }

    private void writeMarkers() {
        Map<String, Long> episodes = buffer.takeEpisodes(lane, grace.oldest());
        if (episodes != null) {
            markers.add(episodes);
            trouble.spaceReturned();
            markers.write();
        }
    }

    private void stored(Parcel parcel) {
        boolean unused = buffer.settle(parcel, Outcome.STORED, null);
    }

    private void reject(List<Entry> entries, RuntimeException cause) {
        for (Parcel parcel : Parcel.allOf(entries)) {
            if (buffer.settle(parcel, Outcome.REJECTED, cause)) {
                rejections.tell(parcel, cause);
            }
        }
    }
}
