package io.github.workflowhistory.examples.benchmarks.load;

/** A run whose figures mean nothing, and why. */
final class VoidRunException extends Exception {
    private static final long serialVersionUID = 1;

    VoidRunException(String message) {
        super(message);
    }
}
