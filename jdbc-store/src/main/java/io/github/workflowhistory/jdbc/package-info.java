/**
 * History in PostgreSQL: {@link io.github.workflowhistory.jdbc.JdbcExecutionStore} records and reads it,
 * {@link io.github.workflowhistory.jdbc.WorkflowSchema} makes its tables.
 */
@NullMarked
package io.github.workflowhistory.jdbc;

import org.jspecify.annotations.NullMarked;
