package io.github.workflowhistory.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The lines of a {@link Timeline} between its first and its last: what matters most stays when there are too many. */
final class TimelineLines {
    /** What a line is about, from what is left out last to what is left out first. */
    enum About {
        FAILED_NODE,
        FAILURE,
        OTHER_NODE,
        LOG
    }

    private record Line(About about, String text, Counted counted) {}

    private enum Counted {
        NODE_RESULT,
        LOG_ENTRY,
        NEITHER
    }

    private final List<Line> lines = new ArrayList<>();

    void addNode(About about, String text) {
        lines.add(new Line(about, text, Counted.NODE_RESULT));
    }

    void addLog(About about, String text) {
        lines.add(new Line(about, text, Counted.LOG_ENTRY));
    }

    void addNote(About about, String text) {
        lines.add(new Line(about, text, Counted.NEITHER));
    }

    /** The lines that matter most, in the order in which they were added, and a last one that counts the others. */
    List<String> atMost(int most, int nodes, int logs) {
        List<Line> kept = lines.size() <= most ? lines : mostImportant(most - 1);
        List<String> texts = new ArrayList<>(kept.stream().map(Line::text).toList());
        List<String> leftOut = new ArrayList<>();
        addCount(leftOut, nodes - count(kept, Counted.NODE_RESULT), "more node result");
        addCount(leftOut, logs - count(kept, Counted.LOG_ENTRY), "more log entry");
        if (!leftOut.isEmpty()) {
            texts.add("  ... and " + String.join(", ", leftOut));
        }
        return texts;
    }

    private List<Line> mostImportant(int most) {
        return IntStream.range(0, lines.size())
                .boxed()
                .sorted(Comparator.comparing((Integer line) -> lines.get(line).about()))
                .limit(most)
                .sorted()
                .map(lines::get)
                .toList();
    }

    private static int count(List<Line> lines, Counted what) {
        return (int) lines.stream().filter(line -> line.counted() == what).count();
    }

    private static void addCount(List<String> counts, int number, String noun) {
        if (number > 0) {
            counts.add(TimelineText.number(number, noun));
        }
    }
}
