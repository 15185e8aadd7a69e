package io.github.workflowhistory.pipeline;

import java.time.Duration;
import java.util.Objects;

/**
 * The settings of a {@link BufferedRecorder} and of its leases. Immutable.
 *
 * <pre>{@code
 * PipelineSettings.builder().capacityBytes(64 << 20).writers(2).build()
 * }</pre>
 */
public final class PipelineSettings {
    /** How many chances to be renewed a lease must have had. */
    static final int RENEWALS_BEFORE_ABANDONED = 3;

    private static final PipelineSettings DEFAULTS = builder().build();

    private final long capacityBytes;
    private final Duration maxBlock;
    private final int batchSize;
    private final Duration linger;
    private final int writers;
    private final Durability durability;
    private final Duration syncTimeout;
    private final Duration grace;
    private final Duration closeTimeout;
    private final Duration leaseInterval;
    private final Duration abandonAfter;

    private PipelineSettings(Builder builder) {
        capacityBytes = builder.capacityBytes;
        maxBlock = builder.maxBlock;
        batchSize = builder.batchSize;
        linger = builder.durability == Durability.SYNC ? Duration.ZERO : builder.linger;
        writers = builder.writers;
        durability = builder.durability;
        syncTimeout = builder.syncTimeout;
        grace = builder.grace;
        closeTimeout = builder.closeTimeout;
        leaseInterval = builder.leaseInterval;
        abandonAfter = builder.abandonAfter;
    }

    /**
     * The defaults.
     *
     * @return what the methods of {@link Builder} say
     */
    public static PipelineSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The bound on memory.
     *
     * @return how many bytes the records that are not yet written may hold
     */
    public long capacityBytes() {
        return capacityBytes;
    }

    /**
     * How long a caller waits for space.
     *
     * @return zero when none waits
     */
    public Duration maxBlock() {
        return maxBlock;
    }

    /**
     * How many records are written together at most.
     *
     * @return at least 1
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * How long the first record of a batch waits for others.
     *
     * @return zero with {@link Durability#SYNC}
     */
    public Duration linger() {
        return linger;
    }

    /**
     * How many threads write.
     *
     * @return at least 1
     */
    public int writers() {
        return writers;
    }

    /**
     * When a call returns.
     *
     * @return the durability
     */
    public Durability durability() {
        return durability;
    }

    /**
     * How long a call with {@link Durability#SYNC} waits.
     *
     * @return more than zero
     */
    public Duration syncTimeout() {
        return syncTimeout;
    }

    /**
     * How long records wait for an execution that does not exist.
     *
     * @return zero when they do not wait
     */
    public Duration grace() {
        return grace;
    }

    /**
     * How long closing may take.
     *
     * @return zero when what is left is given up at once
     */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /**
     * How often the lease is renewed.
     *
     * @return zero when there is no lease
     */
    public Duration leaseInterval() {
        return leaseInterval;
    }

    /**
     * How old a lease is when the executions under it are ended.
     *
     * @return zero when this process ends none
     */
    public Duration abandonAfter() {
        return abandonAfter;
    }

    /** Collects settings. Not for use by several threads at once. */
    public static final class Builder {
        private static final long SMALLEST_CAPACITY = 64 << 10;
        private static final int LARGEST_BATCH = 100_000;
        private static final int MOST_WRITERS = 64;

        private long capacityBytes = 32L << 20;
        private Duration maxBlock = Duration.ofSeconds(1);
        private int batchSize = 7_500;
        private Duration linger = Duration.ofMillis(100);
        private boolean lingerGiven;
        private int writers = 1;
        private Durability durability = Durability.BUFFERED;
        private Duration syncTimeout = Duration.ofSeconds(30);
        private boolean syncTimeoutGiven;
        private Duration grace = Duration.ofSeconds(2);
        private Duration closeTimeout = Duration.ofSeconds(10);
        private Duration leaseInterval = Duration.ofSeconds(30);
        private Duration abandonAfter = Duration.ofMinutes(5);

        private Builder() {}

        /**
         * Bounds the memory of the records that are not yet written, those in flight included. Estimated from above: a
         * character counts as two bytes. It has to have space for the largest record that the history's limits of
         * payloads and texts allow, or the history is not built: 3 MiB with its default limits.
         *
         * @param bytes at least 64 KiB; the default is 32 MiB
         * @return this
         */
        public Builder capacityBytes(long bytes) {
            this.capacityBytes = bytes;
            return this;
        }

        /**
         * How long a caller waits for space at most when the buffer is full. After one has waited in vain, none waits
         * again until there is space. Log entries never wait.
         *
         * @param duration the default is 1 s; zero never waits
         * @return this
         */
        public Builder maxBlock(Duration duration) {
            this.maxBlock = Objects.requireNonNull(duration, "maxBlock must not be null");
            return this;
        }

        /**
         * How many records are written together at most, in one transaction. However few they are, they hold no more than
         * 6 MiB, nor more than a quarter of the {@link #capacityBytes} divided by the {@link #writers}; unless one alone
         * does.
         *
         * @param records from 1 to 100,000; the default is 7,500
         * @return this
         */
        public Builder batchSize(int records) {
            this.batchSize = records;
            return this;
        }

        /**
         * How long the first record of a batch waits for others. A full batch does not wait, nor does one that somebody
         * flushes. Longer means fewer transactions, and more that is lost when the host crashes.
         *
         * @param duration the default is 100 ms
         * @return this
         */
        public Builder linger(Duration duration) {
            this.linger = Objects.requireNonNull(duration, "linger must not be null");
            this.lingerGiven = true;
            return this;
        }

        /**
         * How many threads write, each over a connection of its own while it does. What waits of one execution goes
         * through one of them, in order; an execution of which nothing waits, through the one with the least to do.
         *
         * @param threads from 1 to 64; the default is 1
         * @return this
         */
        public Builder writers(int threads) {
            this.writers = threads;
            return this;
        }

        /**
         * When a call that records something returns.
         *
         * @param durability the default is {@link Durability#BUFFERED}
         * @return this
         */
        public Builder durability(Durability durability) {
            this.durability = Objects.requireNonNull(durability, "durability must not be null");
            return this;
        }

        /**
         * How long a call with {@link Durability#SYNC} waits for its record to be in the store.
         *
         * @param duration more than zero; the default is 30 s
         * @return this
         */
        public Builder syncTimeout(Duration duration) {
            this.syncTimeout = Objects.requireNonNull(duration, "syncTimeout must not be null");
            this.syncTimeoutGiven = true;
            return this;
        }

        /**
         * How long records wait for an execution that does not exist yet, while others go on, because another process
         * may be about to record it.
         *
         * @param duration the default is 2 s; zero refuses them at once
         * @return this
         */
        public Builder grace(Duration duration) {
            this.grace = Objects.requireNonNull(duration, "grace must not be null");
            return this;
        }

        /**
         * How long {@code close()} waits for what is left to be written.
         *
         * @param duration the default is 10 s
         * @return this
         */
        public Builder closeTimeout(Duration duration) {
            this.closeTimeout = Objects.requireNonNull(duration, "closeTimeout must not be null");
            return this;
        }

        /**
         * How often a history renews its lease, which tells other processes that the executions of this one are alive.
         * One small write each time, however many executions there are. Has no effect on a store without
         * {@link io.github.workflowhistory.store.ExecutionLeases}.
         *
         * @param duration more than zero; the default is 30 s
         * @return this
         */
        public Builder leaseInterval(Duration duration) {
            this.leaseInterval = Objects.requireNonNull(duration, "leaseInterval must not be null");
            return this;
        }

        /**
         * How old the lease of another process must be before this one ends the executions under it as failed and
         * abandoned.
         *
         * @param duration at least three times the {@link #leaseInterval}; zero when this history ends none; the
         *     default is 5 minutes
         * @return this
         */
        public Builder abandonAfter(Duration duration) {
            this.abandonAfter = Objects.requireNonNull(duration, "abandonAfter must not be null");
            return this;
        }

        /**
         * Keeps no lease and ends no executions of others. Executions that this process leaves behind when it dies stay
         * running for ever, unless somebody ends them.
         *
         * @return this
         */
        public Builder withoutLeases() {
            this.leaseInterval = Duration.ZERO;
            this.abandonAfter = Duration.ZERO;
            return this;
        }

        /**
         * Makes the settings.
         *
         * @return immutable settings
         * @throws IllegalArgumentException when a setting is out of its range, or when two contradict each other; the
         *     message names both
         */
        public PipelineSettings build() {
            require(
                    capacityBytes >= SMALLEST_CAPACITY,
                    "capacityBytes",
                    "at least " + SMALLEST_CAPACITY,
                    capacityBytes);
            require(batchSize >= 1 && batchSize <= LARGEST_BATCH, "batchSize", "from 1 to " + LARGEST_BATCH, batchSize);
            require(writers >= 1 && writers <= MOST_WRITERS, "writers", "from 1 to " + MOST_WRITERS, writers);
            requireNotNegative("maxBlock", maxBlock);
            requireNotNegative("linger", linger);
            requireNotNegative("grace", grace);
            requireNotNegative("closeTimeout", closeTimeout);
            requireNotNegative("leaseInterval", leaseInterval);
            requireNotNegative("abandonAfter", abandonAfter);
            require(!syncTimeout.isNegative() && !syncTimeout.isZero(), "syncTimeout", "more than zero", syncTimeout);
            requireAgreement();
            return new PipelineSettings(this);
        }

        private void requireAgreement() {
            agree(
                    (long) batchSize * Entry.BASE_BYTES <= capacityBytes,
                    "batchSize " + batchSize + " contradicts capacityBytes " + capacityBytes
                            + ": so many records never fit into it. Lower batchSize to at most "
                            + capacityBytes / Entry.BASE_BYTES + " or raise capacityBytes");
            if (durability == Durability.SYNC) {
                agree(
                        !lingerGiven || linger.isZero(),
                        "linger " + linger + " contradicts durability SYNC: a call that waits for its record is not"
                                + " to wait for others' as well. Leave linger out");
                agree(
                        maxBlock.compareTo(syncTimeout) <= 0,
                        "maxBlock " + maxBlock + " contradicts syncTimeout " + syncTimeout
                                + ": waiting for space is part of waiting for durability. Lower maxBlock");
            } else {
                agree(
                        !syncTimeoutGiven,
                        "syncTimeout " + syncTimeout + " contradicts durability BUFFERED, with which no call waits."
                                + " Leave syncTimeout out, or set durability SYNC");
            }
            agree(
                    !leaseInterval.isZero() || abandonAfter.isZero(),
                    "abandonAfter " + abandonAfter + " contradicts leaseInterval PT0S: whoever has no lease cannot know"
                            + " whether the leases of others could be renewed. Use withoutLeases()");
            agree(
                    abandonAfter.isZero()
                            || leaseInterval.compareTo(abandonAfter.dividedBy(RENEWALS_BEFORE_ABANDONED)) <= 0,
                    "abandonAfter " + abandonAfter + " contradicts leaseInterval " + leaseInterval
                            + ": a lease must have had " + RENEWALS_BEFORE_ABANDONED
                            + " chances to be renewed. Raise abandonAfter or lower leaseInterval");
        }

        private static void agree(boolean agree, String message) {
            if (!agree) {
                throw new IllegalArgumentException(message);
            }
        }

        private static void requireNotNegative(String name, Duration value) {
            require(!value.isNegative(), name, "zero or more", value);
        }

        private static void require(boolean fits, String name, String range, Object value) {
            agree(fits, name + " must be " + range + ", not " + value);
        }
    }
}
