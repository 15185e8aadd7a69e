package io.github.workflowhistory.jdbc.faults;

import io.github.workflowhistory.RejectionListener;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a recorder reported as refused. */
final class Rejections implements RejectionListener {
    private final Set<String> names = new TreeSet<>();
    private final List<RuntimeException> causes = new ArrayList<>();

    @Override
    public synchronized void rejected(HistoryBatch lost, RuntimeException cause) {
        names.addAll(RecordNames.of(lost));
        causes.add(cause);
    }

    /** See {@link RecordNames}. */
    synchronized Set<String> names() {
        return new TreeSet<>(names);
    }

    synchronized List<RuntimeException> causes() {
        return List.copyOf(causes);
    }

    @Override
    public synchronized String toString() {
        return names.size() + " records were rejected, because: "
                + causes.stream().map(Throwable::getMessage).distinct().limit(5).toList();
    }
}
