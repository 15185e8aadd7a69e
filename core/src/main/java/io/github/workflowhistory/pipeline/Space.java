package io.github.workflowhistory.pipeline;

/** How much memory is used, and who may use how much of it. Arithmetic, guarded by the lock of a {@link Buffer}. */
final class Space {
    /** Details are dropped from here on, so that what matters more finds space: three quarters of the capacity. */
    private static final int DETAIL_QUARTERS = 3;
    /** What ends of executions may use beyond the capacity: an eighth of it. */
    private static final int RESERVE_PART = 8;

    private final long capacity;
    private long used;

    Space(long capacity) {
        this.capacity = capacity;
    }

    long capacity() {
        return capacity;
    }

    long used() {
        return used;
    }

    /** Whether there is space for a record now. */
    boolean fits(Entry entry) {
        return used + entry.bytes <= limit(entry);
    }

    /** Whether there can ever be space for a record. */
    boolean canFit(Entry entry) {
        return entry.bytes <= limit(entry);
    }

    private long limit(Entry entry) {
        return switch (entry.worth) {
            case DETAIL -> capacity / 4 * DETAIL_QUARTERS;
            case LOG, RECORD -> capacity;
            case END -> capacity + capacity / RESERVE_PART;
        };
    }

    void use(long bytes) {
        used += bytes;
    }

    void free(long bytes) {
        used -= bytes;
    }

    void freeAll() {
        used = 0;
    }

    /** From here on no batch waits to fill; below, what was dropped can be written down. */
    boolean isMoreThanHalfFull() {
        return used > capacity / 2;
    }
}
