package io.github.workflowhistory;

import java.io.IOException;
import java.io.Writer;
import java.nio.CharBuffer;

/**
 * Keeps what is written up to a limit and only counts from there on, so that a payload of hundreds of megabytes costs
 * no memory.
 */
final class BoundedWriter extends Writer {
    /**
     * Where even counting ends: a graph of objects that share each other can be written in 2^n ways, and a sequence may
     * have no end, but the host's thread has to go on.
     */
    static final long MAX_COUNTED = 1L << 29;

    private static final int FIRST_CAPACITY = 256;

    private final int maxBytes;
    private final int previewLength;
    private final StringBuilder kept = new StringBuilder(FIRST_CAPACITY);
    private long bytes;
    private boolean isCut;

    /**
     * A writer with a limit.
     *
     * @param maxBytes how many bytes of UTF-8 are kept whole
     * @param previewLength how many characters are kept when it is more, as far as they came before the limit or with
     *     the chunk that exceeded it
     */
    BoundedWriter(int maxBytes, int previewLength) {
        this.maxBytes = maxBytes;
        this.previewLength = previewLength;
    }

    /** How many bytes of UTF-8 were written. */
    long bytes() {
        return bytes;
    }

    boolean isExceeded() {
        return bytes > maxBytes;
    }

    /** Whether so much was written that the rest was not even counted. */
    boolean hasGivenUp() {
        return bytes > MAX_COUNTED;
    }

    /** Everything that was written, or the beginning of it when it was too much. */
    String kept() {
        return kept.toString();
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            count(buffer[i]);
        }
        if (!isExceeded()) {
            // Much faster than a CharSequence.
            kept.append(buffer, offset, length);
        } else {
            keep(CharBuffer.wrap(buffer, offset, length));
        }
    }

    /** Without the copy of the whole text that {@link Writer} makes. */
    @Override
    public void write(String text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            count(text.charAt(i));
        }
        keep(CharBuffer.wrap(text, offset, offset + length));
    }

    private void count(char c) {
        if (c < 0x80) {
            bytes++;
        } else if (c < 0x800 || Character.isSurrogate(c)) {
            // A surrogate is half of a pair, which has four bytes.
            bytes += 2;
        } else {
            bytes += 3;
        }
    }

    private void keep(CharBuffer chunk) throws IOException {
        if (!isExceeded()) {
            kept.append(chunk);
        } else if (!isCut) {
            isCut = true;
            kept.append(chunk, 0, Math.max(0, Math.min(chunk.length(), previewLength - kept.length())));
            cutToPreview();
        }
        if (hasGivenUp()) {
            throw new IOException("gave up after " + bytes + " bytes");
        }
    }

    private void cutToPreview() {
        int end = Math.min(kept.length(), previewLength);
        if (end > 0 && Character.isHighSurrogate(kept.charAt(end - 1))) {
            end--;
        }
        kept.setLength(end);
        kept.trimToSize();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
