package io.github.workflowhistory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.CallerBoundaryAware;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.LoggingEventBuilder;

/** A logger that writes to a logger of the host and into the history. */
final class RunLogger extends AbstractLogger implements LoggingEventAware {
    static final Logger DEFAULT_HOST = LoggerFactory.getLogger("io.github.workflowhistory.execution");

    private static final long serialVersionUID = 1L;
    private static final String CALLER = RunLogger.class.getName();

    // Transient: a logger is deserialised by its name, as SLF4J's AbstractLogger does it.
    private final transient Logger host;
    private final transient RecordingContext context;
    private final String executionId;
    private final @Nullable String nodeRunId;

    RunLogger(Logger host, RecordingContext context, String executionId, @Nullable String nodeRunId) {
        this.name = host.getName();
        this.host = host;
        this.context = context;
        this.executionId = executionId;
        this.nodeRunId = nodeRunId;
    }

    @Override
    public void log(LoggingEvent event) {
        List<Marker> markers = event.getMarkers() == null ? List.of() : event.getMarkers();
        if (isHostEnabled(event.getLevel(), markers.isEmpty() ? null : markers.get(0))) {
            if (host instanceof LoggingEventAware aware) {
                aware.log(event);
            } else {
                LoggingEventBuilder builder = host.makeLoggingEventBuilder(event.getLevel());
                List<KeyValuePair> pairs = event.getKeyValuePairs();
                for (KeyValuePair pair : pairs == null ? List.<KeyValuePair>of() : pairs) {
                    builder = builder.addKeyValue(pair.key, pair.value);
                }
                for (Marker marker : markers) {
                    builder = builder.addMarker(marker);
                }
                forward(builder, event.getMessage(), event.getArgumentArray(), event.getThrowable());
            }
        }
        record(
                event.getLevel(),
                event.getMessage(),
                event.getArgumentArray(),
                event.getThrowable(),
                event.getKeyValuePairs());
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String messagePattern,
            Object @Nullable [] arguments,
            @Nullable Throwable throwable) {
        if (isHostEnabled(level, marker)) {
            LoggingEventBuilder builder = host.makeLoggingEventBuilder(level);
            if (marker != null) {
                builder = builder.addMarker(marker);
            }
            forward(builder, messagePattern, arguments, throwable);
        }
        record(level, messagePattern, arguments, throwable, null);
    }

    private static void forward(
            LoggingEventBuilder builder,
            @Nullable String messagePattern,
            Object @Nullable [] arguments,
            @Nullable Throwable throwable) {
        if (builder instanceof CallerBoundaryAware aware) {
            aware.setCallerBoundary(CALLER);
        }
        LoggingEventBuilder complete = throwable == null ? builder : builder.setCause(throwable);
        if (arguments == null) {
            complete.log(messagePattern);
        } else {
            complete.log(messagePattern, arguments);
        }
    }

    private void record(
            Level level,
            @Nullable String messagePattern,
            Object @Nullable [] arguments,
            @Nullable Throwable throwable,
            @Nullable List<KeyValuePair> pairs) {
        LogLevel historyLevel = levelOf(level);
        if (!context.records(historyLevel)) {
            return;
        }
        Object[] values = arguments;
        Throwable error = throwable;
        if (error == null && values != null) {
            // SLF4J leaves it to the backend to find the throwable among the arguments of the fluent API.
            error = MessageFormatter.getThrowableCandidate(values);
            values = error == null ? values : MessageFormatter.trimmedCopy(values);
        }
        String message = MessageFormatter.basicArrayFormat(messagePattern, values);
        context.log(executionId, nodeRunId, historyLevel, message == null ? "null" : message, data(error, pairs));
    }

    private @Nullable Object data(@Nullable Throwable throwable, @Nullable List<KeyValuePair> pairs) {
        if (pairs == null || pairs.isEmpty()) {
            return throwable;
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        pairs.forEach(pair -> data.put(pair.key, pair.value));
        if (throwable != null) {
            context.encoder.describe(throwable).forEach(data::putIfAbsent);
        }
        return data;
    }

    private static LogLevel levelOf(Level level) {
        return switch (level) {
            case TRACE, DEBUG -> LogLevel.DEBUG;
            case INFO -> LogLevel.INFO;
            case WARN -> LogLevel.WARN;
            case ERROR -> LogLevel.ERROR;
        };
    }

    /** A host's filters may look at the marker, so it is asked with it. */
    private boolean isHostEnabled(Level level, @Nullable Marker marker) {
        if (marker == null) {
            return host.isEnabledForLevel(level);
        }
        return switch (level) {
            case TRACE -> host.isTraceEnabled(marker);
            case DEBUG -> host.isDebugEnabled(marker);
            case INFO -> host.isInfoEnabled(marker);
            case WARN -> host.isWarnEnabled(marker);
            case ERROR -> host.isErrorEnabled(marker);
        };
    }

    private boolean isEnabled(Level level) {
        return context.records(levelOf(level)) || host.isEnabledForLevel(level);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return CALLER;
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
        return context.records(LogLevel.DEBUG) || host.isTraceEnabled(marker);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
        return context.records(LogLevel.DEBUG) || host.isDebugEnabled(marker);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
        return context.records(LogLevel.INFO) || host.isInfoEnabled(marker);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
        return context.records(LogLevel.WARN) || host.isWarnEnabled(marker);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
        return context.records(LogLevel.ERROR) || host.isErrorEnabled(marker);
    }
}
