package io.github.workflowhistory;

import io.github.workflowhistory.internal.Texts;
import java.util.Objects;

/**
 * The rule for every id of the history: executions, workflows, nodes, node results, log entries, recorders.
 *
 * <p>An id is any text that is not blank, has at most {@value #MAX_BYTES} bytes in UTF-8, and holds neither U+0000 nor
 * a surrogate without its partner. PostgreSQL can hold neither of those two, and replacing them, as is done in other
 * texts, could turn two ids into one; so such an id is refused at the call.
 */
public final class Ids {
    /** The longest id, in bytes of UTF-8. PostgreSQL's B-tree indexes end at about 2,700 bytes a row. */
    public static final int MAX_BYTES = 512;

    private Ids() {}

    /**
     * Checks an id.
     *
     * @param what what the id is, for the error message, for example {@code "execution id"}
     * @param id the id
     * @return the same id
     * @throws NullPointerException when the id is null
     * @throws IllegalArgumentException when the id breaks the rule of this class
     */
    public static String requireValid(String what, String id) {
        Objects.requireNonNull(id, () -> what + " must not be null");
        if (id.isBlank()) {
            throw new IllegalArgumentException(what + " must not be blank");
        }
        if (!Texts.isStorable(id)) {
            throw new IllegalArgumentException(
                    what + " must not hold U+0000 or a surrogate without its partner: " + Texts.quote(id));
        }
        // A char has at most three bytes in UTF-8, so most ids need no counting.
        if (id.length() > MAX_BYTES / 3) {
            long bytes = Texts.utf8Length(id);
            if (bytes > MAX_BYTES) {
                throw new IllegalArgumentException(what + " has " + bytes + " bytes, more than the " + MAX_BYTES
                        + " that an id may have: " + Texts.quote(id));
            }
        }
        return id;
    }

    /**
     * Writes an id so that it can stand in a message to a person: in quotes, what is too long cut, and control
     * characters as escapes, so that no id can forge a line in a log.
     *
     * @param id any text
     * @return about 60 characters of it at most
     */
    public static String quote(String id) {
        return Texts.quote(id);
    }
}
