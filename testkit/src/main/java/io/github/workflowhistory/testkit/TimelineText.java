package io.github.workflowhistory.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The small pieces of text of which a {@link Timeline} is made. */
final class TimelineText {
    private static final Pattern CAUSE = Pattern.compile("\\R(?=caused by: )", Pattern.CASE_INSENSITIVE);
    private static final Pattern PACKAGE =
            Pattern.compile("^((?:[cC]aused by: )?)(?:[a-z_]\\w*\\.){1,30}(?=[A-Z][\\w$]*(?::|\\R|$))");

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

    /** An error as the library writes it, or a stack trace: the error itself, then its causes, with short class names. */
    static List<String> errorAndCauses(String error) {
        return CAUSE.splitAsStream(error).map(TimelineText::shortClassName).toList();
    }

    /** An error without the package of the class that it begins with. */
    static String shortClassName(String error) {
        return PACKAGE.matcher(error).replaceFirst("$1");
    }

    /** A number with its noun, for example {@code 1 log entry}. */
    static String number(int number, String noun) {
        if (number == 1) {
            return "1 " + noun;
        }
        return number + " " + (noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s");
    }
}
