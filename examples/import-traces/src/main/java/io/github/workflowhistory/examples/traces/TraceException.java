package io.github.workflowhistory.examples.traces;

import java.io.Serial;

/** A file is not a trace that can be imported. The message says why, in one line. */
final class TraceException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    TraceException(String message) {
        super(message);
    }
}
