/** The library as it is built to be measured. */
@NullMarked
package io.github.workflowhistory.examples.benchmarks.library;

import org.jspecify.annotations.NullMarked;
