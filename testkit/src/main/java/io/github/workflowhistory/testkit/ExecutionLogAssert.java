package io.github.workflowhistory.testkit;

import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Assertions about one log entry. Made by {@link HistoryAssertions}. */
public final class ExecutionLogAssert extends AbstractHistoryAssert<ExecutionLogAssert, ExecutionLog> {

    ExecutionLogAssert(ExecutionLog actual) {
        super(actual, ExecutionLogAssert.class);
    }

    @Override
    String subject() {
        return "log entry '" + actual.id() + "'";
    }

    @Override
    String picture() {
        return actual.toString();
    }

    /**
     * The entry has this level.
     *
     * @param level the expected level
     * @return this
     */
    public ExecutionLogAssert hasLevel(LogLevel level) {
        return requireEqual(actual.level(), Objects.requireNonNull(level), "the level");
    }

    /**
     * The entry has this message.
     *
     * @param message the whole expected message
     * @return this
     */
    public ExecutionLogAssert hasMessage(String message) {
        return requireEqual(actual.message(), Objects.requireNonNull(message), "the message");
    }

    /**
     * The entry's message contains a text.
     *
     * @param text a part of the expected message
     * @return this
     */
    public ExecutionLogAssert hasMessageContaining(String text) {
        return requireText(actual.message(), text, "a message");
    }

    /**
     * The entry has data that is equal as JSON.
     *
     * @param data the expected data: anything that Jackson can serialise, or a {@link Json};
     *     null is JSON {@code null}
     * @return this
     */
    public ExecutionLogAssert hasData(@Nullable Object data) {
        return requireEqual(actual.data(), Json.of(data), "the data");
    }

    /**
     * The entry has no data, not even JSON {@code null}.
     *
     * @return this
     */
    public ExecutionLogAssert hasNoData() {
        return requireEqual(actual.data(), null, "the data");
    }

    /**
     * The entry belongs to a node run.
     *
     * @param nodeRunId the expected run
     * @return this
     */
    public ExecutionLogAssert belongsToNodeRun(String nodeRunId) {
        return requireEqual(actual.nodeRunId(), Objects.requireNonNull(nodeRunId), "the node run");
    }

    /**
     * The entry belongs to the execution as a whole, not to a node run.
     *
     * @return this
     */
    public ExecutionLogAssert belongsToNoNodeRun() {
        return requireEqual(actual.nodeRunId(), null, "the node run");
    }
}
