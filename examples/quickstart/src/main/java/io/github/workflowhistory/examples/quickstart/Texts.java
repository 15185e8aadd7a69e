package io.github.workflowhistory.examples.quickstart;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Texts for columns of a fixed width. */
final class Texts {
    private Texts() {}

    /**
     * The first line of a text, cut where it is too long. Control characters are replaced: names and messages come from
     * outside, and a terminal would obey them.
     */
    static String fit(String text, int width) {
        String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "·");
        if (line.length() <= width) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(width - 2)) ? width - 2 : width - 1;
        return line.substring(0, end) + "…";
    }

    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** For example "12 ms", "3.4 s", "5 min 6 s" or "7 h 8 min"; "?" when it is not known. */
    static String duration(@Nullable Duration duration) {
        if (duration == null) {
            return "?";
        }
        if (duration.toMinutes() >= 60) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        if (duration.toSeconds() >= 60) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        if (duration.toMillis() >= 1_000) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
        }
        return duration.toMillis() == 0 ? "< 1 ms" : duration.toMillis() + " ms";
    }
}
