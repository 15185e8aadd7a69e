package io.github.workflowhistory.internal;

import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import io.github.workflowhistory.IdGenerator;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * UUIDv7 that never goes back, as text. Within a millisecond it grows by random steps: one generator serves all users of
 * a process, and who sees ids of their own is not to know those of others, which could then be taken beforehand.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#section-6.2">RFC 9562, 6.2, Method 2</a>
 */
public final class TimeOrderedIds implements IdGenerator {
    /** One generator for all, so that ids grow across the whole process. */
    public static final TimeOrderedIds INSTANCE = new TimeOrderedIds(System::currentTimeMillis);

    /** The bits that follow the variant. */
    private static final long RANDOM_BITS = (1L << 62) - 1;

    /** Drawn together, because each draw takes a lock and a digest. */
    private static final int STEPS = 1_024;

    private final LongSupplier clock;
    private final SecureRandom random = new SecureRandom();
    private final TimeBasedEpochRandomGenerator generator = new TimeBasedEpochRandomGenerator(random);
    private final ByteBuffer steps = ByteBuffer.allocate(STEPS * Integer.BYTES).limit(0);
    private final ReentrantLock lock = new ReentrantLock();

    private long millis = Long.MIN_VALUE;
    private long high;
    private long low;

    TimeOrderedIds(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public String newId() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            long step = nextStep();
            if (now > millis) {
                startAt(now);
            } else if ((low & RANDOM_BITS) + step > RANDOM_BITS) {
                startAt(millis + 1);
            } else {
                low += step;
            }
            return new UUID(high, low).toString();
        } finally {
            lock.unlock();
        }
    }

    private void startAt(long newMillis) {
        millis = newMillis;
        UUID first = generator.construct(newMillis);
        high = first.getMostSignificantBits();
        low = first.getLeastSignificantBits();
    }

    /** From 1 to 2^32. */
    private long nextStep() {
        if (!steps.hasRemaining()) {
            random.nextBytes(steps.array());
            steps.clear();
        }
        return Integer.toUnsignedLong(steps.getInt()) + 1;
    }
}
