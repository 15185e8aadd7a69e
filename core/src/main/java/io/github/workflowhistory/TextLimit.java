package io.github.workflowhistory;

import io.github.workflowhistory.internal.Texts;

/**
 * Shortens a text that is too long. It keeps the head and the tail, because a stack trace tells its root cause at its
 * end, and never cuts a surrogate pair.
 */
final class TextLimit {
    private TextLimit() {}

    /** The text itself, or its head and tail around a marker, together at most {@code maxBytes} of UTF-8. */
    static String apply(String text, int maxBytes) {
        // A char has at most three bytes in UTF-8, so most texts need no counting.
        if (text.length() <= maxBytes / 3 || Texts.utf8Length(text) <= maxBytes) {
            return text;
        }
        int kept = maxBytes - (int) Texts.utf8Length(marker(text.length()));
        int headEnd = endOfHead(text, kept / 2);
        int tailStart = Math.max(headEnd, startOfTail(text, kept - kept / 2));
        return text.substring(0, headEnd) + marker(tailStart - headEnd) + text.substring(tailStart);
    }

    private static String marker(int characters) {
        return "\n… (" + characters + " characters left out) …\n";
    }

    private static int endOfHead(String text, int maxBytes) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            bytes += utf8Length(codePoint);
            if (bytes > maxBytes) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return end;
    }

    private static int startOfTail(String text, int maxBytes) {
        int bytes = 0;
        int start = text.length();
        while (start > 0) {
            int codePoint = text.codePointBefore(start);
            bytes += utf8Length(codePoint);
            if (bytes > maxBytes) {
                break;
            }
            start -= Character.charCount(codePoint);
        }
        return start;
    }

    private static int utf8Length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
