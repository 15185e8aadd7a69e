/** What a call of the API costs the host's thread. */
@NullMarked
package io.github.workflowhistory.examples.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
