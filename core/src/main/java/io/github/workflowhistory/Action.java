package io.github.workflowhistory;

/**
 * Work that is recorded while it runs and has no output.
 *
 * @param <H> the handle that the work gets: {@link ExecutionRun} or {@link NodeRun}
 * @param <X> what it may throw; inferred, so that the caller sees the exceptions of the work and no others
 */
@FunctionalInterface
public interface Action<H, X extends Throwable> {

    /**
     * Does the work.
     *
     * @param handle to record what happens meanwhile; usable from any thread
     * @throws X when the work fails
     */
    void accept(H handle) throws X;
}
