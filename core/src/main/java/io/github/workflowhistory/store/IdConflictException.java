package io.github.workflowhistory.store;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * An id is already taken by something else: a node result or log entry of another execution, or an execution of another
 * workflow or user. Nothing of the batch was written.
 */
public final class IdConflictException extends HistoryStoreException {
    private static final long serialVersionUID = 1L;

    /** What the ids stand for. */
    public enum IdKind {
        /** An execution exists with another workflow or user. */
        EXECUTION("execution", "with another workflow or user"),
        /** A node result exists in another execution. */
        NODE_RESULT("node result", "in another execution"),
        /** A log entry exists in another execution. */
        LOG("log entry", "in another execution"),
        /** A log entry names a node run whose result belongs to another execution. */
        NODE_RUN("node run of a log entry", "in another execution");

        private final String noun;
        private final String where;

        IdKind(String noun, String where) {
            this.noun = noun;
            this.where = where;
        }
    }

    /** What the ids stand for. */
    private final IdKind idKind;

    /** The ids, at least one. */
    private final String[] ids;

    /**
     * An exception that names the ids.
     *
     * @param idKind what the ids stand for
     * @param ids the ids that are taken, at least one
     */
    public IdConflictException(IdKind idKind, Collection<String> ids) {
        super(
                Kind.DATA,
                "the id " + IdList.of(ids) + " (" + Objects.requireNonNull(idKind).noun + ") exists already "
                        + idKind.where + ": give each its own id, for example by the default IdGenerator",
                null);
        this.idKind = idKind;
        this.ids = ids.toArray(new String[0]);
    }

    /**
     * What the ids stand for.
     *
     * @return the kind of thing that has these ids
     */
    public IdKind idKind() {
        return idKind;
    }

    /**
     * The ids that are taken.
     *
     * @return at least one id
     */
    public List<String> ids() {
        return List.of(ids);
    }
}
