package io.github.workflowhistory.jdbc;

import io.github.workflowhistory.ExecutionStatus;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.LogLevel;
import io.github.workflowhistory.NodeStatus;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.store.ExecutionLeases;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Makes records by reflection, so that tests of hostile input leave out no component that is added later. */
final class HostileRecords {
    private HostileRecords() {}

    /** The texts among the components of a record. */
    static List<RecordComponent> texts(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getType() == String.class)
                .toList();
    }

    /** A record whose texts are chosen by the name of the component, and whose JSON holds the text for {@code json}. */
    static <T> T of(Class<T> type, UUID user, Function<String, String> text) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> value(type, component, user, text))
                .toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot make a " + type, e);
        }
    }

    private static Object value(Class<?> owner, RecordComponent component, UUID user, Function<String, String> text) {
        Class<?> type = component.getType();
        if (type == String.class) {
            return text.apply(component.getName());
        } else if (type == Json.class) {
            return Json.of(text.apply("json"));
        } else if (type == UUID.class) {
            return user;
        } else if (type == Instant.class) {
            // What runs has no end, and nothing here was abandoned.
            boolean absent = component.getName().equals("abandonedAt")
                    || (owner == WorkflowExecution.class && component.getName().equals("completedAt"));
            return absent ? null : Records.START;
        } else if (type == Duration.class) {
            return owner == WorkflowExecution.class ? null : Duration.ZERO;
        } else if (type == ExecutionStatus.class) {
            return owner == WorkflowExecution.class ? ExecutionStatus.RUNNING : ExecutionStatus.FAILED;
        } else if (type == NodeStatus.class) {
            return NodeStatus.FAILED;
        } else if (type == LogLevel.class) {
            return LogLevel.DEBUG;
        } else if (type == ExecutionLeases.Scope.class) {
            return ExecutionLeases.Scope.LEASED;
        } else if (type == int.class) {
            return 1;
        }
        throw new AssertionError("add a value for " + component + " of " + owner);
    }
}
