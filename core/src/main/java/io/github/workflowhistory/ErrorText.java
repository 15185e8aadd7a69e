package io.github.workflowhistory;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Throwables as text. A host's exception can do anything in its methods, even run out of stack, so each call is
 * guarded. */
final class ErrorText {
    private static final int MAX_CAUSES = 50;

    private ErrorText() {}

    /** Class and message of a throwable and of its causes, a line each. */
    static String of(Throwable error) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        @Nullable Throwable current = error;
        while (current != null && seen.add(current) && seen.size() <= MAX_CAUSES) {
            if (text.length() > 0) {
                text.append("\ncaused by: ");
            }
            text.append(describe(current));
            current = causeOf(current);
        }
        return text.toString();
    }

    /** The stack trace as Java prints it. */
    static String stackTrace(Throwable error) {
        StringWriter trace = new StringWriter();
        try {
            error.printStackTrace(new PrintWriter(trace));
            return trace.toString();
        } catch (Throwable e) {
            return of(error);
        }
    }

    private static String describe(Throwable error) {
        String name = error.getClass().getName();
        try {
            String message = error.getLocalizedMessage();
            return message == null ? name : name + ": " + message;
        } catch (Throwable e) {
            return name + " (its message cannot be read: " + e.getClass().getName() + ")";
        }
    }

    private static @Nullable Throwable causeOf(Throwable error) {
        try {
            return error.getCause();
        } catch (Throwable e) {
            return null;
        }
    }
}
