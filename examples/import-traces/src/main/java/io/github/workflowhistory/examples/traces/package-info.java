/** Imports executions that happened elsewhere, some time ago: workflow traces in WfFormat. */
@NullMarked
package io.github.workflowhistory.examples.traces;

import org.jspecify.annotations.NullMarked;
