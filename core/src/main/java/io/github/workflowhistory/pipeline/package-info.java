/**
 * The pipeline between host threads and a store: {@link io.github.workflowhistory.pipeline.BufferedRecorder} and its
 * settings.
 */
@NullMarked
package io.github.workflowhistory.pipeline;

import org.jspecify.annotations.NullMarked;
