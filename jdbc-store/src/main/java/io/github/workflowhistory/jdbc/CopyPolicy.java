package io.github.workflowhistory.jdbc;

/**
 * Decides which batches are worth an attempt that trusts that nothing of them is there yet, by COPY as a rule. Knows no
 * database. Safe for use by many threads.
 *
 * <p>COPY takes one round trip more for each table than the idempotent insert and less time for each row, so it pays
 * from some number of rows on. And it knows no {@code on conflict do nothing}: a batch that brings a row that is there
 * already, or one that the server refuses, is written a second time, by the other way. Such batches seldom come alone,
 * because whoever looks for the bad record sends ever smaller parts of a batch, so after a failure the next batches do
 * not try; if then one fails again, twice as many do not, up to a limit, at which the attempts cost next to nothing.
 */
final class CopyPolicy {
    /**
     * Rows of one table from which COPY pays. Measured: the server, which has nothing to plan, takes about 0.6
     * milliseconds less for a table and 5 microseconds less for each row, so that 50 rows make up for the round trip to
     * a server in the same data centre. Beside the server ten would do.
     */
    static final int LARGE = 50;

    private static final int FIRST_PAUSE = 8;
    private static final int LONGEST_PAUSE = 512;

    private final int large;
    private final int firstPause;
    private int nextPause;
    private int pausing;

    private CopyPolicy(int large, int firstPause) {
        this.large = large;
        this.firstPause = firstPause;
        this.nextPause = firstPause;
    }

    /** For large batches, unless they keep failing. */
    static CopyPolicy standard() {
        return new CopyPolicy(LARGE, FIRST_PAUSE);
    }

    /** For every table of every batch, whatever came of the last one. */
    static CopyPolicy always() {
        return new CopyPolicy(1, 0);
    }

    /** For no batch. */
    static CopyPolicy never() {
        return new CopyPolicy(Integer.MAX_VALUE, 0);
    }

    /** Tells whether so many rows of one table are enough. */
    boolean isLarge(int rows) {
        return rows >= large;
    }

    /** Tells whether a batch whose largest table has so many rows should try, and counts it when it should pause. */
    synchronized boolean permits(int rows) {
        if (!isLarge(rows)) {
            return false;
        }
        if (pausing > 0) {
            pausing--;
            return false;
        }
        return true;
    }

    /** A batch that tried went through. */
    synchronized void succeeded() {
        nextPause = firstPause;
    }

    /** A batch did not go through, and has to go the other way. */
    synchronized void failed() {
        pausing = nextPause;
        nextPause = Math.min(2 * nextPause, LONGEST_PAUSE);
    }
}
