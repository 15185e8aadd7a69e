package io.github.workflowhistory;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** A logging backend that keeps what arrives. Lines with the marker "SILENT" are filtered out, as a backend may do. */
public class FakeHostLogger extends AbstractLogger {
    private static final long serialVersionUID = 1L;

    /** What arrived at the host. */
    public record Line(Level level, String text, Throwable throwable, List<String> markers, List<KeyValuePair> pairs) {}

    public final transient List<Line> lines = new ArrayList<>();
    private final Level threshold;

    public FakeHostLogger(Level threshold) {
        this.name = "com.example.host";
        this.threshold = threshold;
    }

    /** A backend whose every line throws. */
    public static FakeHostLogger throwing(Throwable failure) {
        return new FakeHostLogger(Level.TRACE) {
            private static final long serialVersionUID = 1L;

            @Override
            protected void handleNormalizedLoggingCall(
                    Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
                FakeHostLogger.<RuntimeException>sneak(failure);
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable failure) throws X {
        throw (X) failure;
    }

    /** A backend that takes events as a whole, as Logback does. */
    static final class Aware extends FakeHostLogger implements LoggingEventAware {
        private static final long serialVersionUID = 1L;

        Aware(Level threshold) {
            super(threshold);
        }

        @Override
        public void log(LoggingEvent event) {
            lines.add(new Line(
                    event.getLevel(),
                    MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray()),
                    event.getThrowable(),
                    event.getMarkers() == null
                            ? List.of()
                            : event.getMarkers().stream().map(Marker::getName).toList(),
                    event.getKeyValuePairs() == null ? List.of() : List.copyOf(event.getKeyValuePairs())));
        }
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
        lines.add(new Line(
                level,
                MessageFormatter.basicArrayFormat(pattern, arguments),
                throwable,
                marker == null ? List.of() : List.of(marker.getName()),
                List.of()));
    }

    private boolean isEnabled(Level level, Marker marker) {
        return level.toInt() >= threshold.toInt()
                && (marker == null || !marker.getName().equals("SILENT"));
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return FakeHostLogger.class.getName();
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE, null);
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
        return isEnabled(Level.TRACE, marker);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG, null);
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
        return isEnabled(Level.DEBUG, marker);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO, null);
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
        return isEnabled(Level.INFO, marker);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN, null);
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
        return isEnabled(Level.WARN, marker);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR, null);
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
        return isEnabled(Level.ERROR, marker);
    }
}
