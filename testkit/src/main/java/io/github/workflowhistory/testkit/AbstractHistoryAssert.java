package io.github.workflowhistory.testkit;

import io.github.workflowhistory.Json;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.error.AssertionErrorCreator;
import org.jspecify.annotations.Nullable;

/**
 * What the assertions of this package have in common: a failure names what was looked at, and shows it.
 *
 * @param <SELF> the assertion itself
 * @param <ACTUAL> what it is about
 */
public abstract class AbstractHistoryAssert<SELF extends AbstractHistoryAssert<SELF, ACTUAL>, ACTUAL>
        extends AbstractAssert<SELF, ACTUAL> {

    AbstractHistoryAssert(ACTUAL actual, Class<?> selfType) {
        super(actual, selfType);
        isNotNull();
    }

    /** How a failure message names the thing, for example {@code execution 'id-000001'}. */
    abstract String subject();

    /** What a failure message shows below. */
    abstract String picture();

    final SELF require(boolean condition, String expectation) {
        if (!condition) {
            throw new AssertionErrorCreator().assertionError(message("expected " + subject() + " " + expectation));
        }
        return myself;
    }

    final SELF requireEqual(@Nullable Object found, @Nullable Object expected, String what) {
        return requireEqual(found, expected, what, "");
    }

    /** The same; a failure also tells the difference, if there is something to tell. */
    final SELF requireEqual(@Nullable Object found, @Nullable Object expected, String what, String difference) {
        if (!Objects.equals(found, expected)) {
            String message =
                    "expected " + what + " of " + subject() + " to be " + show(expected) + ", but it is " + show(found);
            throw failure(difference.isEmpty() ? message : message + ": " + difference, found, expected);
        }
        return myself;
    }

    final SELF requireText(@Nullable String found, String part, String what) {
        Objects.requireNonNull(part, "the expected text must not be null");
        return require(
                found != null && found.contains(part),
                "to have " + what + " with \"" + part + "\", but it is " + show(found));
    }

    final SELF requireOutput(@Nullable Json found, @Nullable Object expected) {
        return requireEqual(found, Json.of(expected), "the output");
    }

    /** The methods of the superclass format the message twice, so a percent sign in it would be taken for a directive. */
    private AssertionError failure(String message, @Nullable Object found, @Nullable Object expected) {
        return new AssertionErrorCreator().assertionError(message(message), found, expected, info.representation());
    }

    private String message(String message) {
        String description = info.hasDescription() ? "[" + info.descriptionText() + "] " : "";
        return description + message + "\n\n" + picture();
    }

    private static String show(@Nullable Object value) {
        if (value == null) {
            return "none";
        }
        return value instanceof String ? "\"" + value + "\"" : value.toString();
    }
}
