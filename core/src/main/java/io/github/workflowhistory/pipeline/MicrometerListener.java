package io.github.workflowhistory.pipeline;

import io.github.workflowhistory.store.HistoryStoreException.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of a recorder for <a href="https://docs.micrometer.io/micrometer/reference/">Micrometer</a>, which the host
 * brings: this is the only class of the library that needs {@code io.micrometer:micrometer-core}.
 *
 * <pre>{@code
 * WorkflowHistory.builder(store).listener(new MicrometerListener(registry)).build()
 * }</pre>
 *
 * <table>
 *   <caption>The meters</caption>
 *   <tr><th>name</th><th>type</th><th>unit</th><th>tags</th><th>what it tells</th></tr>
 *   <tr><td>{@code workflow.history.records}</td><td>counter</td><td></td>
 *     <td>{@code kind}: execution, node_result, log; {@code outcome}: stored, rejected, dropped</td>
 *     <td>records that have come to an end, as handed in: merged states of one execution count each</td></tr>
 *   <tr><td>{@code workflow.history.buffer.used}</td><td>gauge</td><td>bytes</td><td></td>
 *     <td>the memory of what is not yet written</td></tr>
 *   <tr><td>{@code workflow.history.buffer.capacity}</td><td>gauge</td><td>bytes</td><td></td>
 *     <td>the bound on it, without the reserve for ends of executions</td></tr>
 *   <tr><td>{@code workflow.history.oldest.unsaved}</td><td>gauge</td><td>seconds</td><td></td>
 *     <td>how long the oldest record waits that is not yet written; 0 when there is none</td></tr>
 *   <tr><td>{@code workflow.history.flush}</td><td>timer</td><td>seconds, or what the registry prefers</td><td></td>
 *     <td>how long it took to write a batch, attempts that failed not included</td></tr>
 *   <tr><td>{@code workflow.history.flush.size}</td><td>distribution summary</td><td>records</td><td></td>
 *     <td>how many records a batch had</td></tr>
 *   <tr><td>{@code workflow.history.retries}</td><td>counter</td><td></td>
 *     <td>{@code kind}: a {@link Kind} in lower case</td>
 *     <td>attempts to write that failed and were repeated</td></tr>
 *   <tr><td>{@code workflow.history.connected}</td><td>gauge</td><td></td><td></td>
 *     <td>1, or 0 while the store cannot be reached</td></tr>
 * </table>
 *
 * <p>For one recorder. Where several share a registry, give each tags of its own: meters of the same name and tags are
 * the same to Micrometer. When the recorder has ended, its gauges are removed; what was counted stays.
 */
public final class MicrometerListener implements RecorderListener {
    private static final String PREFIX = "workflow.history.";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Records stored;
    private final Records rejected;
    private final Records dropped;
    private final Timer flush;
    private final DistributionSummary flushSize;
    private final Map<Kind, Counter> retries = new EnumMap<>(Kind.class);
    private final List<Meter> gauges = new CopyOnWriteArrayList<>();

    private volatile @Nullable Supplier<PipelineStats> stats;
    private volatile boolean connected = true;

    /** The counters of one outcome. */
    private record Records(Counter executions, Counter nodeResults, Counter logs) {
        void add(RecordCounts counts) {
            executions.increment((double) counts.executions());
            nodeResults.increment((double) counts.nodeResults());
            logs.increment((double) counts.logs());
        }
    }

    /**
     * Meters without further tags.
     *
     * @param registry where they are registered
     */
    @SuppressWarnings("exports") // Micrometer is optional: who uses this class requires it.
    public MicrometerListener(MeterRegistry registry) {
        this(registry, List.of());
    }

    /**
     * Meters with further tags.
     *
     * @param registry where they are registered
     * @param tags what all of them get, for example the name of the history where an application has several
     */
    @SuppressWarnings("exports") // Micrometer is optional: who uses this class requires it.
    public MicrometerListener(MeterRegistry registry, Iterable<Tag> tags) {
        this.registry = Objects.requireNonNull(registry, "registry must not be null");
        this.tags = Tags.of(Objects.requireNonNull(tags, "tags must not be null"));
        // All of them now, so that a rate begins with zero and not with the first trouble.
        this.stored = records("stored");
        this.rejected = records("rejected");
        this.dropped = records("dropped");
        this.flush = Timer.builder(PREFIX + "flush")
                .description("How long it took to write a batch of records")
                .tags(this.tags)
                .register(registry);
        this.flushSize = DistributionSummary.builder(PREFIX + "flush.size")
                .description("How many records a batch had")
                .baseUnit("records")
                .tags(this.tags)
                .register(registry);
        for (Kind kind : Kind.values()) {
            retries.put(
                    kind,
                    Counter.builder(PREFIX + "retries")
                            .description("Attempts to write that failed and were repeated")
                            .tags(this.tags.and("kind", kind.name().toLowerCase(Locale.ROOT)))
                            .register(registry));
        }
    }

    private Records records(String outcome) {
        return new Records(records(outcome, "execution"), records(outcome, "node_result"), records(outcome, "log"));
    }

    private Counter records(String outcome, String kind) {
        return Counter.builder(PREFIX + "records")
                .description("Records that have come to an end")
                .tags(tags.and("kind", kind, "outcome", outcome))
                .register(registry);
    }

    @Override
    public void started(Supplier<PipelineStats> supplier) {
        this.stats = supplier;
        gauge("buffer.used", "The memory of what is not yet written", "bytes", PipelineStats::usedBytes);
        gauge("buffer.capacity", "The bound on what is not yet written", "bytes", PipelineStats::capacityBytes);
        gauge(
                "oldest.unsaved",
                "How long the oldest record waits that is not yet written",
                "seconds",
                MicrometerListener::oldestUnsavedSeconds);
        // The registry holds this object weakly, so that one that was forgotten pins nothing.
        gauges.add(Gauge.builder(PREFIX + "connected", this, listener -> listener.connected ? 1 : 0)
                .description("1, or 0 while the store cannot be reached")
                .tags(tags)
                .register(registry));
    }

    private void gauge(String name, String description, String unit, ToDoubleFunction<PipelineStats> value) {
        gauges.add(Gauge.builder(PREFIX + name, this, listener -> listener.ask(value))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }

    private double ask(ToDoubleFunction<PipelineStats> value) {
        Supplier<PipelineStats> supplier = stats;
        return supplier == null ? Double.NaN : value.applyAsDouble(supplier.get());
    }

    private static double oldestUnsavedSeconds(PipelineStats stats) {
        Duration oldest = stats.oldestUnsaved();
        return oldest == null ? 0 : oldest.toNanos() / 1e9;
    }

    @Override
    public void flushed(RecordCounts records, long bytes, Duration took) {
        stored.add(records);
        flush.record(took);
        flushSize.record((double) records.total());
    }

    @Override
    public void retried(Kind kind, RuntimeException cause, int failures, Duration pause) {
        Counter counter = retries.get(kind);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void rejected(RecordCounts records, RuntimeException cause) {
        rejected.add(records);
    }

    @Override
    public void dropped(RecordCounts records) {
        dropped.add(records);
    }

    @Override
    public void connectionChanged(boolean isConnected) {
        this.connected = isConnected;
    }

    @Override
    public void closed() {
        gauges.forEach(registry::remove);
        gauges.clear();
        stats = null;
    }
}
