package io.github.workflowhistory.internal;

import java.util.Locale;

/** What a text must look like so that PostgreSQL can hold it, and how long it is there. */
public final class Texts {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int QUOTE_LIMIT = 60;

    private Texts() {}

    /**
     * Tells whether PostgreSQL can hold a text as it is.
     *
     * @param text any text
     * @return false when it holds U+0000 or a surrogate without its partner
     */
    public static boolean isStorable(CharSequence text) {
        return firstUnstorable(text) < 0;
    }

    /**
     * Replaces what PostgreSQL cannot hold, U+0000 and surrogates without partner, by U+FFFD.
     *
     * @param text any text
     * @return the same instance when there is nothing to replace
     */
    public static String clean(String text) {
        int first = firstUnstorable(text);
        if (first < 0) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text);
        for (int i = first; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (isPaired(clean, i)) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                clean.setCharAt(i, REPLACEMENT);
            }
        }
        return clean.toString();
    }

    private static int firstUnstorable(CharSequence text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            // One comparison for nearly all: neither U+0000 nor from the surrogates on.
            if ((char) (c - 1) >= Character.MIN_SURROGATE - 1 && (c == 0 || Character.isSurrogate(c))) {
                if (!isPaired(text, i)) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    private static boolean isPaired(CharSequence text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }

    /**
     * Counts the bytes of a text in UTF-8 without encoding it.
     *
     * @param text a text; a surrogate without partner counts as three bytes, like the U+FFFD that replaces it
     * @return the number of bytes
     */
    public static long utf8Length(CharSequence text) {
        long bytes = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (isPaired(text, i)) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }

    /**
     * Writes a text so that it can stand in an error message: short, in quotes, odd characters as escapes.
     *
     * @param text any text
     * @return at most about {@value #QUOTE_LIMIT} characters of it
     */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("'");
        for (int i = 0; i < Math.min(text.length(), QUOTE_LIMIT); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                quoted.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(text.length() > QUOTE_LIMIT ? "…'" : "'").toString();
    }
}
