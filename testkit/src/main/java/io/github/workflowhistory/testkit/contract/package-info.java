/**
 * The rules of {@link io.github.workflowhistory.testkit.ExecutionStoreContract}, one group of tests per class. Not for
 * use by itself, and not exported.
 */
@NullMarked
package io.github.workflowhistory.testkit.contract;

import org.jspecify.annotations.NullMarked;
