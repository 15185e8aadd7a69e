package io.github.workflowhistory.jdbc;

import java.util.Collection;
import java.util.Optional;

/**
 * Looks, when a store finds nothing for the first time, whether it can find anything: to a role for which there is no
 * policy, row level security shows empty tables, and no error. Costs a round trip once. Safe for use by many threads.
 */
final class SightCheck {
    private final Transactions transactions;
    private volatile boolean done;

    SightCheck(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Takes what was found. */
    void found(Object result, String doing, TransactionSettings settings) {
        // An end user may well have nothing; whether the role is the right one is asked at every call.
        if (done || settings.endUser() != null) {
            return;
        }
        done = !isNothing(result) || transactions.requireSight(doing, settings);
    }

    private static boolean isNothing(Object result) {
        if (result instanceof Optional<?> one) {
            return one.isEmpty();
        } else if (result instanceof Collection<?> many) {
            return many.isEmpty();
        }
        return result.equals(0);
    }
}
