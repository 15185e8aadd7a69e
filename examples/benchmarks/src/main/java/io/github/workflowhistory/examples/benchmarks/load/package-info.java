/**
 * How many events a second become durable, end to end: the library beside hand-written ways to write the same rows into
 * the same tables, round by round on one durable PostgreSQL.
 */
@NullMarked
package io.github.workflowhistory.examples.benchmarks.load;

import org.jspecify.annotations.NullMarked;
