package io.github.workflowhistory.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/**
 * A generator that remembers whether something went through it as it was, of which Jackson cannot know whether it is
 * JSON. Everything else that a generator writes is well formed.
 */
final class RawNoticingGenerator extends JsonGeneratorDelegate {
    private boolean hasRaw;

    RawNoticingGenerator(JsonGenerator generator) {
        super(generator);
    }

    /** Whether exactly one value was written, and nothing of it raw. */
    boolean isOneWellFormedValue() {
        return !hasRaw && getOutputContext().inRoot() && getOutputContext().getEntryCount() == 1;
    }

    @Override
    public void writeRaw(String text) throws IOException {
        hasRaw = true;
        super.writeRaw(text);
    }

    @Override
    public void writeRaw(String text, int offset, int length) throws IOException {
        hasRaw = true;
        super.writeRaw(text, offset, length);
    }

    @Override
    public void writeRaw(SerializableString text) throws IOException {
        hasRaw = true;
        super.writeRaw(text);
    }

    @Override
    public void writeRaw(char[] text, int offset, int length) throws IOException {
        hasRaw = true;
        super.writeRaw(text, offset, length);
    }

    @Override
    public void writeRaw(char character) throws IOException {
        hasRaw = true;
        super.writeRaw(character);
    }

    @Override
    public void writeRawValue(String text) throws IOException {
        hasRaw = true;
        super.writeRawValue(text);
    }

    @Override
    public void writeRawValue(SerializableString text) throws IOException {
        hasRaw = true;
        super.writeRawValue(text);
    }

    @Override
    public void writeRawValue(String text, int offset, int length) throws IOException {
        hasRaw = true;
        super.writeRawValue(text, offset, length);
    }

    @Override
    public void writeRawValue(char[] text, int offset, int length) throws IOException {
        hasRaw = true;
        super.writeRawValue(text, offset, length);
    }

    @Override
    public void writeRawUTF8String(byte[] text, int offset, int length) throws IOException {
        hasRaw = true;
        super.writeRawUTF8String(text, offset, length);
    }
}
