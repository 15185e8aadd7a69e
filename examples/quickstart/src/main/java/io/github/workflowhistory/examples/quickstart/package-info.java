/** A workflow whose history is recorded into PostgreSQL, read back and shown in the terminal. */
@NullMarked
package io.github.workflowhistory.examples.quickstart;

import org.jspecify.annotations.NullMarked;
