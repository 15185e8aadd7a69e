package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.jdbc.Await;
import io.github.workflowhistory.jdbc.faults.TcpProxy.Script;
import io.github.workflowhistory.jdbc.faults.TcpProxy.Verdict;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * Does something once, at a certain statement of a transaction, or at its commit when that comes earlier. The first
 * transaction that it sees begin is left alone, so that what is written makes progress between two faults.
 */
final class AtStatement implements Script {
    private final int number;
    private final Function<Link, Verdict> action;
    private final CountDownLatch done = new CountDownLatch(1);
    private int begun;
    private int seen;

    private AtStatement(int number, Function<Link, Verdict> action) {
        this.number = number;
        this.action = action;
    }

    /** At the statement of this number; 1 is the first after BEGIN. */
    static AtStatement number(int number, Function<Link, Verdict> action) {
        return new AtStatement(number, action);
    }

    static AtStatement commit(Verdict verdict) {
        return number(Integer.MAX_VALUE, link -> verdict);
    }

    static boolean isCommit(String sql) {
        return sql.equalsIgnoreCase("commit");
    }

    @Override
    public synchronized Verdict before(Link link, String sql) {
        if (sql.startsWith("BEGIN")) {
            begun++;
            seen = 0;
            return Verdict.PASS;
        }
        seen++;
        if (begun < 2 || done.getCount() == 0 || (seen < number && !isCommit(sql))) {
            return Verdict.PASS;
        }
        Verdict verdict = action.apply(link);
        done.countDown();
        return verdict;
    }

    void await() {
        Await.until("a transaction comes to statement " + number, done);
    }
}
