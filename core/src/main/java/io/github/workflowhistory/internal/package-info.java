/** How values are brought into a form that PostgreSQL can hold. Not for users: the module does not export it. */
@NullMarked
package io.github.workflowhistory.internal;

import org.jspecify.annotations.NullMarked;
