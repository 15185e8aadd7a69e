package io.github.workflowhistory;

import org.jspecify.annotations.Nullable;

/**
 * Work that is recorded while it runs and whose result becomes the recorded output.
 *
 * @param <H> the handle that the work gets: {@link ExecutionRun} or {@link NodeRun}
 * @param <T> what the work returns
 * @param <X> what it may throw; inferred, so that the caller sees the exceptions of the work and no others
 */
@FunctionalInterface
public interface Body<H, T extends @Nullable Object, X extends Throwable> {

    /**
     * Does the work.
     *
     * @param handle to record what happens meanwhile; usable from any thread
     * @return the output, or null when there is none
     * @throws X when the work fails
     */
    T apply(H handle) throws X;
}
