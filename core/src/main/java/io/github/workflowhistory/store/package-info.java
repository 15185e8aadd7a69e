/**
 * What a store implements: {@link io.github.workflowhistory.store.ExecutionRecorder} to write,
 * {@link io.github.workflowhistory.store.ExecutionReader} to read, and
 * {@link io.github.workflowhistory.store.ExecutionStore}, which is both and deletes.
 */
@NullMarked
package io.github.workflowhistory.store;

import org.jspecify.annotations.NullMarked;
