package io.github.workflowhistory.testkit;

import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.Ids;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that a test can foretell: {@code id-000001}, {@code id-000002} and so on. They grow in byte order, so that log
 * entries of the same microsecond keep the order of the calls. Safe for use by many threads.
 */
public final class SequentialIds implements IdGenerator {
    private static final long SIX_DIGITS = 1_000_000;

    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    /** Ids that start with {@code "id-"}. */
    public SequentialIds() {
        this("id-");
    }

    /**
     * Ids that start with a prefix.
     *
     * @param prefix what every id starts with; may be empty
     * @throws IllegalArgumentException when ids with this prefix break the rule of {@link Ids}
     */
    public SequentialIds(String prefix) {
        Ids.requireValid("an id with the prefix", prefix + number(Long.MAX_VALUE));
        this.prefix = prefix;
    }

    @Override
    public String newId() {
        return prefix + number(last.incrementAndGet());
    }

    /** After six digits come nineteen behind an x, which in byte order is greater than every digit. */
    private static String number(long number) {
        return number < SIX_DIGITS
                ? String.format(Locale.ROOT, "%06d", number)
                : String.format(Locale.ROOT, "x%019d", number);
    }
}
