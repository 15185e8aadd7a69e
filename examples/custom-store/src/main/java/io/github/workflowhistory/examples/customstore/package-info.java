/** A store of one's own: append-only JSON Lines, in one file. */
@NullMarked
package io.github.workflowhistory.examples.customstore;

import org.jspecify.annotations.NullMarked;
