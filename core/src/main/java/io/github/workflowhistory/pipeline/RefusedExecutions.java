package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.internal.Times;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Executions that were refused or are missing, so that what follows for them is refused at once, without asking the
 * store. For a while only: another process may record an execution later than it is waited for. Shared by the writers,
 * because records that follow later may go to any of them; safe for use by many threads.
 */
final class RefusedExecutions {
    private static final int REMEMBERED = 10_000;

    private final long memoryNanos;
    /** Until when each counts as refused, by {@link System#nanoTime()}. */
    private final Map<String, Long> refusedUntil = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    RefusedExecutions(Duration memory) {
        this.memoryNanos = Times.nanos(memory);
    }

    synchronized void add(String executionId, long now) {
        refusedUntil.put(executionId, now + memoryNanos);
    }

    synchronized void remove(String executionId) {
        refusedUntil.remove(executionId);
    }

    synchronized boolean isEmpty() {
        return refusedUntil.isEmpty();
    }

    synchronized boolean contains(String executionId, long now) {
        Long until = refusedUntil.get(executionId);
        if (until == null) {
            return false;
        }
        if (until - now > 0) {
            return true;
        }
        refusedUntil.remove(executionId);
        return false;
    }
}
