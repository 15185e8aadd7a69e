/**
 * The way in ({@link io.github.workflowhistory.WorkflowHistory} and its handles) and the domain: executions, node
 * results and log entries, as immutable records.
 */
@NullMarked
package io.github.workflowhistory;

import org.jspecify.annotations.NullMarked;
