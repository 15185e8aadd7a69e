package io.github.workflowhistory.store;

import java.util.Collection;
import java.util.List;

/** A batch refers to executions that are neither in the batch nor in the store. Nothing of the batch was written. */
public final class UnknownExecutionException extends HistoryStoreException {
    private static final long serialVersionUID = 1L;

    /** The ids, at least one. */
    private final String[] executionIds;

    /**
     * An exception that names the executions.
     *
     * @param executionIds their ids, at least one
     */
    public UnknownExecutionException(Collection<String> executionIds) {
        super(
                Kind.DATA,
                (executionIds.size() == 1 ? "execution " : "executions ")
                        + IdList.of(executionIds)
                        + (executionIds.size() == 1 ? " does" : " do")
                        + " not exist, so nothing can be recorded for "
                        + (executionIds.size() == 1 ? "it" : "them")
                        + ": record the execution first, or in the same batch; it may also have been deleted",
                null);
        this.executionIds = executionIds.toArray(new String[0]);
    }

    /**
     * The executions that do not exist.
     *
     * @return their ids, at least one
     */
    public List<String> executionIds() {
        return List.of(executionIds);
    }
}
