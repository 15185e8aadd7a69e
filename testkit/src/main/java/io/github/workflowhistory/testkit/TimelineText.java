package io.github.workflowhistory.testkit;

import java.time.Duration;
import java.util.Locale;

/** The small pieces of text of which a {@link Timeline} is made. */
final class TimelineText {
    private TimelineText() {}

    /** A duration in two units at most, for example {@code 399 ms}, {@code 1.20 s}, {@code 2 min 5 s}. */
    static String duration(Duration duration) {
        if (duration.toMillis() < 1_000) {
            return duration.toMillis() + " ms";
        }
        if (duration.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.2f s", Math.floor(duration.toMillis() / 10.0) / 100);
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        if (duration.toDays() < 1) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }

    /** A bar from one place to another, both from 0 to 1; what did not run is a point. */
    static String bar(int width, double from, double to, boolean skipped) {
        int first = column(width, from);
        int last = Math.max(first, column(width, to));
        String bar = skipped ? ":" : "=".repeat(last - first + 1);
        return " ".repeat(first) + bar + " ".repeat(width - first - bar.length());
    }

    private static int column(int width, double place) {
        return (int) Math.min(width - 1, Math.max(0, Math.round(place * (width - 1))));
    }

    /** A text on one line, cut where it gets too long, but never between the halves of a surrogate pair. */
    static String oneLine(String text, int longest) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && i <= longest; i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
        if (line.length() <= longest) {
            return line.toString();
        }
        int cut = Math.max(0, longest - 3);
        if (cut > 0 && Character.isHighSurrogate(line.charAt(cut - 1))) {
            cut--;
        }
        return line.substring(0, cut) + "...";
    }

    /** A number with its noun, for example {@code 1 log entry}. */
    static String number(int number, String noun) {
        if (number == 1) {
            return "1 " + noun;
        }
        return number + " " + (noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s");
    }
}
