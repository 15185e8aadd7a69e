package io.github.workflowhistory.testkit.contract;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is different between two values, and nothing of what is equal: records are long, and a failure is read by people. */
final class Difference {
    private static final int LONGEST = 300;

    private Difference() {}

    /** For example {@code status: expected RUNNING, but was QUEUED}; empty when the values are equal. */
    static String between(@Nullable Object expected, @Nullable Object actual) {
        if (Objects.equals(expected, actual)) {
            return "";
        }
        if (expected instanceof Optional<?> one && actual instanceof Optional<?> other) {
            return between(one.orElse(null), other.orElse(null));
        }
        if (expected instanceof List<?> one && actual instanceof List<?> other) {
            return betweenLists(one, other);
        }
        if (expected instanceof Record one && actual instanceof Record other && one.getClass() == other.getClass()) {
            return Stream.of(one.getClass().getRecordComponents())
                    .map(component -> in(component.getName(), value(component, one), value(component, other)))
                    .filter(difference -> !difference.isEmpty())
                    .collect(Collectors.joining("; "));
        }
        return "expected " + show(expected) + ", but was " + show(actual);
    }

    private static String betweenLists(List<?> expected, List<?> actual) {
        int common = Math.min(expected.size(), actual.size());
        int first = IntStream.range(0, common)
                .filter(i -> !expected.get(i).equals(actual.get(i)))
                .findFirst()
                .orElse(common);
        String sizes = expected.size() == actual.size()
                ? ""
                : "expected " + expected.size() + " entries, but was " + actual.size() + "; ";
        return sizes
                + in(
                        "[" + first + "]",
                        first < expected.size() ? expected.get(first) : null,
                        first < actual.size() ? actual.get(first) : null);
    }

    private static String in(String where, @Nullable Object expected, @Nullable Object actual) {
        String difference = between(expected, actual);
        return difference.isEmpty() ? "" : where + ": " + difference;
    }

    private static @Nullable Object value(RecordComponent component, Object of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the records of the history are public", e);
        }
    }

    private static String show(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
