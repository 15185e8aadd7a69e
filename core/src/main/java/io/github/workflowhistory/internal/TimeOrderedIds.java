package io.github.workflowhistory.internal;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.github.workflowhistory.IdGenerator;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;

/** UUIDv7 that never goes back, as text. */
public final class TimeOrderedIds implements IdGenerator {
    /** One generator for all, so that ids grow across the whole process. */
    public static final TimeOrderedIds INSTANCE = new TimeOrderedIds();

    private final TimeBasedEpochGenerator generator =
            new TimeBasedEpochGenerator(new SecureRandom(), new MonotonicClock());

    // The generator reads its clock before it takes its own lock: two threads could then hand it a newer and an older
    // millisecond in turn, and it would draw new random bits, not greater ones, for a millisecond that it had left.
    private final ReentrantLock lock = new ReentrantLock();

    private TimeOrderedIds() {}

    @Override
    public String newId() {
        lock.lock();
        try {
            return generator.generate().toString();
        } finally {
            lock.unlock();
        }
    }

    /** The generator counts up within a millisecond, but would start anew in the past when the clock is set back. */
    private static final class MonotonicClock extends UUIDClock {
        private long latest;

        @Override
        public long currentTimeMillis() {
            latest = Math.max(latest, System.currentTimeMillis());
            return latest;
        }
    }
}
