/**
 * What tests of a host and of a store use: the {@linkplain io.github.workflowhistory.testkit.InMemoryExecutionStore
 * in-memory store}, the {@linkplain io.github.workflowhistory.testkit.ExecutionStoreContract contract} that every store
 * must pass, assertions, a store that fails on demand, and a JUnit extension that bundles them.
 */
@NullMarked
package io.github.workflowhistory.testkit;

import org.jspecify.annotations.NullMarked;
