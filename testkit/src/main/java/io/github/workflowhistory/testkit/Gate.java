package io.github.workflowhistory.testkit;

import io.github.workflowhistory.store.HistoryStoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Where calls of a {@link FaultyStore} wait until a test lets them go on. Safe for use by many threads. */
public final class Gate {
    private final Semaphore arrivals = new Semaphore(0);
    private final CountDownLatch opened = new CountDownLatch(1);

    Gate() {}

    /** Lets go of all calls that wait here, and of those that come later. Idempotent. */
    public void open() {
        opened.countDown();
    }

    /**
     * Waits until a call has come to this gate. Each call that comes answers one call of this method.
     *
     * @param timeout how long to wait at most
     * @throws AssertionError when none came in time, or the thread was interrupted, which stays its state
     */
    public void awaitCall(Duration timeout) {
        try {
            if (!arrivals.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("no call came to the gate of the FaultyStore within " + timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a call to come to the gate", e);
        }
    }

    /** Waits on the thread of a call. */
    void pass() {
        arrivals.release();
        try {
            opened.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HistoryStoreException(
                    HistoryStoreException.Kind.TIMEOUT,
                    "interrupted at the gate of a FaultyStore; nothing was written",
                    e);
        }
    }
}
