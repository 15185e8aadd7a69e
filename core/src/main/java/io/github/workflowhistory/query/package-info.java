/** What to read from a store. */
@NullMarked
package io.github.workflowhistory.query;

import org.jspecify.annotations.NullMarked;
