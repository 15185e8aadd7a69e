/** Figures and the tables that show them. */
@NullMarked
package io.github.workflowhistory.examples.benchmarks.report;

import org.jspecify.annotations.NullMarked;
