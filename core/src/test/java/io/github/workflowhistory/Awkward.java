package io.github.workflowhistory;

import java.util.Random;

/** Random input of the kind that breaks things. A test names its seed in every assertion, so that it can be replayed. */
public final class Awkward {
    private static final String[] PIECES = {
        "a",
        "Z",
        "0",
        " ",
        "\n",
        "\t",
        "\"",
        "\\",
        "\\u0000",
        "'",
        "%",
        ";",
        "é",
        "ß",
        "߿",
        "ࠀ",
        "€",
        "漢",
        "\uFFFD",
        "\uE000",
        "\uFFFF",
        "😀",
        "👩‍💻",
        "\uD800\uDC00",
        "\uDBFF\uDFFF",
        "\u0000",
        "\uD83D",
        "\uDE00",
        "\u0001",
        "\u2028"
    };

    private Awkward() {}

    /** A seed that differs from run to run, or the one given by {@code -Dseed=…}. */
    public static long seed() {
        return Long.getLong("seed", System.nanoTime());
    }

    /** A text of up to so many pieces, lone surrogates and U+0000 among them. */
    public static String text(Random random, int maxPieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxPieces + 1); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
