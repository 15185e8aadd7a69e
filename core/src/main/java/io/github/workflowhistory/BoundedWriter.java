package io.github.workflowhistory;

import java.io.Writer;

/**
 * Keeps what is written up to a limit and only counts from there on, so that a payload of hundreds of megabytes costs
 * no memory.
 */
final class BoundedWriter extends Writer {
    private final int maxBytes;
    private final int previewLength;
    private final StringBuilder kept = new StringBuilder();
    private long bytes;

    /**
     * A writer with a limit.
     *
     * @param maxBytes how many bytes of UTF-8 are kept whole
     * @param previewLength how many characters are kept when it is more
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

    /** Everything that was written, or the beginning of it when it was too much. */
    String kept() {
        return kept.toString();
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            char c = buffer[i];
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                // A surrogate is half of a pair, which has four bytes.
                bytes += 2;
            } else {
                bytes += 3;
            }
        }
        if (!isExceeded()) {
            kept.append(buffer, offset, length);
            return;
        }
        if (kept.length() < previewLength) {
            kept.append(buffer, offset, Math.min(length, previewLength - kept.length()));
        }
        if (kept.length() > previewLength) {
            kept.setLength(previewLength);
            kept.trimToSize();
        }
        int last = kept.length() - 1;
        if (last >= 0 && Character.isHighSurrogate(kept.charAt(last))) {
            kept.setLength(last);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
