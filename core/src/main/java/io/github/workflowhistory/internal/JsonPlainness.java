package io.github.workflowhistory.internal;

/**
 * Tells JSON text in which there can be nothing to clean, which is nearly all of it, from text that has to be looked at
 * token by token. One pass over the characters, which knows no more of JSON than where strings begin and end.
 */
final class JsonPlainness {
    /** Shorter numbers without an exponent fit into {@code numeric}, whatever their digits. */
    private static final int SHORT_NUMBER = 100;

    private JsonPlainness() {}

    /**
     * Judges a text.
     *
     * @param text any text
     * @return true when, if the text is JSON at all, it is compact and holds neither escapes by number, nor characters
     *     that PostgreSQL cannot hold, nor long numbers or exponents, nor nesting that is too deep
     */
    static boolean isPlain(String text) {
        int length = text.length();
        int depth = 0;
        int numberLength = 0;
        int i = 0;
        while (i < length) {
            char c = text.charAt(i);
            if (c == '"') {
                i = endOfString(text, i + 1);
                if (i < 0) {
                    return false;
                }
                numberLength = 0;
            } else if (c == '{' || c == '[') {
                if (++depth > JsonText.MAX_DEPTH) {
                    return false;
                }
            } else if (c == '}' || c == ']') {
                depth--;
                numberLength = 0;
            } else if (c == ',' || c == ':') {
                numberLength = 0;
            } else if (!isPlainOutsideOfStrings(text, i) || ++numberLength > SHORT_NUMBER) {
                return false;
            }
            i++;
        }
        return true;
    }

    /** The place of the quote that ends a string, or -1 when there is something to look at before. */
    private static int endOfString(String text, int start) {
        int length = text.length();
        for (int i = start; i < length; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i;
            }
            if (c == '\\') {
                i++;
                if (i >= length || text.charAt(i) == 'u') {
                    return -1;
                }
            } else if (c < ' ' || Character.isSurrogate(c)) {
                return -1;
            }
        }
        return -1;
    }

    /** What numbers without an exponent are made of, and true, false and null. */
    private static boolean isPlainOutsideOfStrings(String text, int at) {
        return switch (text.charAt(at)) {
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-', '.' -> true;
            case 't', 'r', 'u', 'f', 'a', 'l', 's', 'n' -> true;
            // The end of true or false; after a digit it would begin an exponent.
            case 'e' -> at > 0 && Character.isLetter(text.charAt(at - 1));
            default -> false;
        };
    }
}
