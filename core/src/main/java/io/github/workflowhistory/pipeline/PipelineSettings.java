package io.github.workflowhistory.pipeline;

import java.time.Duration;
import java.util.Objects;

/**
 * The settings of a {@link BufferedRecorder}. Immutable; every {@code with} method returns a copy.
 *
 * @param capacityBytes how many bytes of memory the records that are not yet written may hold; the default is 32 MiB
 * @param maxBlock how long a caller waits for space at most; after one has waited in vain, none waits again until there
 *     is space; the default is 1 s, zero never waits
 * @param batchSize how many records are written together at most; the default is 5,000
 * @param linger how long the first record of a batch waits for others; the default is 100 ms
 * @param writers how many threads write, each over a connection of its own while it does; the records of one execution
 *     go through one of them; the default is 1
 * @param grace how long records wait for an execution that does not exist yet, while others go on; the default is 2 s
 * @param closeTimeout how long {@code close()} waits for what is left to be written; the default is 10 s
 */
public record PipelineSettings(
        long capacityBytes,
        Duration maxBlock,
        int batchSize,
        Duration linger,
        int writers,
        Duration grace,
        Duration closeTimeout) {

    private static final long SMALLEST_CAPACITY = 64 << 10;
    private static final PipelineSettings DEFAULTS = new PipelineSettings(
            32L << 20,
            Duration.ofSeconds(1),
            5_000,
            Duration.ofMillis(100),
            1,
            Duration.ofSeconds(2),
            Duration.ofSeconds(10));

    /**
     * Checks the settings.
     *
     * @param capacityBytes see the class
     * @param maxBlock see the class
     * @param batchSize see the class
     * @param linger see the class
     * @param writers see the class
     * @param grace see the class
     * @param closeTimeout see the class
     * @throws IllegalArgumentException when a setting is out of range
     */
    public PipelineSettings {
        require(capacityBytes >= SMALLEST_CAPACITY, "capacityBytes", "at least " + SMALLEST_CAPACITY, capacityBytes);
        requireNotNegative("maxBlock", maxBlock);
        require(batchSize >= 1 && batchSize <= 100_000, "batchSize", "from 1 to 100000", batchSize);
        requireNotNegative("linger", linger);
        require(writers >= 1 && writers <= 64, "writers", "from 1 to 64", writers);
        requireNotNegative("grace", grace);
        requireNotNegative("closeTimeout", closeTimeout);
    }

    /**
     * The defaults.
     *
     * @return what the class comment says
     */
    public static PipelineSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Changes the bound on memory.
     *
     * @param capacityBytes at least 64 KiB
     * @return a copy
     */
    public PipelineSettings withCapacityBytes(long capacityBytes) {
        return new PipelineSettings(capacityBytes, maxBlock, batchSize, linger, writers, grace, closeTimeout);
    }

    /**
     * Changes how long callers wait for space.
     *
     * @param maxBlock zero or more
     * @return a copy
     */
    public PipelineSettings withMaxBlock(Duration maxBlock) {
        return new PipelineSettings(capacityBytes, maxBlock, batchSize, linger, writers, grace, closeTimeout);
    }

    /**
     * Changes how many records are written together.
     *
     * @param batchSize from 1 to 100,000
     * @return a copy
     */
    public PipelineSettings withBatchSize(int batchSize) {
        return new PipelineSettings(capacityBytes, maxBlock, batchSize, linger, writers, grace, closeTimeout);
    }

    /**
     * Changes how long a batch waits to fill.
     *
     * @param linger zero or more
     * @return a copy
     */
    public PipelineSettings withLinger(Duration linger) {
        return new PipelineSettings(capacityBytes, maxBlock, batchSize, linger, writers, grace, closeTimeout);
    }

    /**
     * Changes how many threads write.
     *
     * @param writers from 1 to 64
     * @return a copy
     */
    public PipelineSettings withWriters(int writers) {
        return new PipelineSettings(capacityBytes, maxBlock, batchSize, linger, writers, grace, closeTimeout);
    }

    /**
     * Changes how long records wait for their execution.
     *
     * @param grace zero or more
     * @return a copy
     */
    public PipelineSettings withGrace(Duration grace) {
        return new PipelineSettings(capacityBytes, maxBlock, batchSize, linger, writers, grace, closeTimeout);
    }

    /**
     * Changes how long closing may take.
     *
     * @param closeTimeout zero or more
     * @return a copy
     */
    public PipelineSettings withCloseTimeout(Duration closeTimeout) {
        return new PipelineSettings(capacityBytes, maxBlock, batchSize, linger, writers, grace, closeTimeout);
    }

    private static void requireNotNegative(String name, Duration value) {
        Objects.requireNonNull(value, () -> name + " must not be null");
        require(!value.isNegative(), name, "zero or more", value);
    }

    private static void require(boolean fits, String name, String range, Object value) {
        if (!fits) {
            throw new IllegalArgumentException(name + " must be " + range + ", not " + value);
        }
    }
}
