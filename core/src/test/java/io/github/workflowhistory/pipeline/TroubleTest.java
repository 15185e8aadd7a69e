package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.workflowhistory.FakeHostLogger;
import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.store.HistoryStoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** One line when trouble starts and one when it ends, with counts; no more than one a minute in between. */
class TroubleTest {
    private final FakeHostLogger log = new FakeHostLogger(Level.TRACE);
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final AtomicLong dropped = new AtomicLong();
    private final Told told = new Told();
    private final Trouble trouble = new Trouble(this::stats, told, new SafeLog(log), now::get);

    private PipelineStats stats() {
        return new PipelineStats(dropped.get(), 0, 0, dropped.get(), 0, 0, 0, 0, 1, null);
    }

    private void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    private void fail(Kind kind) {
        fail(kind, 1);
    }

    private void fail(Kind kind, int attempt) {
        trouble.failed(kind, ScriptedStore.failure(kind), attempt);
    }

    private List<String> lines() {
        return log.lines.stream().map(line -> line.level() + " " + line.text()).toList();
    }

    @Test
    void nothing_is_said_while_all_is_well() {
        trouble.succeeded();
        trouble.spaceReturned();
        assertThat(log.lines).isEmpty();
        assertThat(told.connections()).isEmpty();
    }

    @Test
    void one_line_when_it_starts_and_one_when_it_ends_with_the_number_of_attempts_and_the_time() {
        fail(Kind.CONNECTION);
        pass(Duration.ofSeconds(7));
        fail(Kind.CONNECTION);
        fail(Kind.CONNECTION);
        trouble.succeeded();
        trouble.succeeded();

        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).startsWith("WARN").contains("CONNECTION", "scripted CONNECTION");
        assertThat(log.lines.get(0).throwable()).isNotNull();
        assertThat(lines().get(1)).startsWith("INFO").contains("after 3 failed attempts in 7 s", "PipelineStats");
        assertThat(told.connections()).containsExactly(false, true);
    }

    /** As with the lines about rejected records, see {@code RejectionLogTest}. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_failure_whose_message_says_what_is_wrong_is_shown_without_its_stack_trace(Kind kind) {
        RuntimeException failure = ScriptedStore.failure(kind);

        assertThat(Trouble.shown(new FakeHostLogger(Level.INFO), failure))
                .isSameAs(kind == Kind.UNKNOWN ? failure : null);
        assertThat(Trouble.shown(new FakeHostLogger(Level.DEBUG), failure)).isSameAs(failure);
    }

    @Test
    void a_failure_that_is_not_the_stores_is_shown_with_its_stack_trace() {
        RuntimeException failure = new IllegalStateException("bug");

        assertThat(Trouble.shown(new FakeHostLogger(Level.INFO), failure)).isSameAs(failure);
    }

    @Test
    void what_is_told_last_about_the_connection_is_how_it_is() {
        List<Boolean> heard = new ArrayList<>();
        AtomicReference<Trouble> ofTwoWriters = new AtomicReference<>();
        ofTwoWriters.set(new Trouble(
                this::stats,
                new RecorderListener() {
                    @Override
                    public void connectionChanged(boolean connected) {
                        if (!connected) {
                            // The other writer, while this one is about to tell of its failure.
                            ofTwoWriters.get().succeeded();
                        }
                        heard.add(connected);
                    }
                },
                new SafeLog(log),
                now::get));

        ofTwoWriters.get().failed(Kind.CONNECTION, ScriptedStore.failure(Kind.CONNECTION), 1);

        assertThat(heard).containsExactly(false, true);
    }

    @Test
    void a_logging_that_throws_reaches_neither_writers_nor_threads_of_the_host() {
        SafeLog full = new SafeLog(FakeHostLogger.throwing(new IllegalStateException("no space left on device")));
        Trouble untold = new Trouble(this::stats, told, full, now::get);

        assertThatCode(() -> {
                    untold.failed(Kind.CONNECTION, ScriptedStore.failure(Kind.CONNECTION), 1);
                    untold.failed(Kind.CONFIGURATION, ScriptedStore.failure(Kind.CONFIGURATION), 1);
                    pass(Duration.ofMinutes(1));
                    untold.failed(Kind.CONNECTION, ScriptedStore.failure(Kind.CONNECTION), 1);
                    untold.succeeded();
                    untold.dropped();
                    untold.spaceReturned();
                })
                .doesNotThrowAnyException();
        assertThat(told.connections()).containsExactly(false, true);
    }

    @Test
    void while_it_lasts_it_says_so_once_a_minute() {
        for (int second = 0; second < 180; second++) {
            fail(Kind.RESOURCES);
            pass(Duration.ofSeconds(1));
        }
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(1)).contains("still", "61 attempts in 60 s", "RESOURCES");
        assertThat(lines().get(2)).contains("still", "121 attempts in 120 s");
        assertThat(told.connections()).as("no word about the connection").isEmpty();
    }

    @Test
    void trouble_that_comes_and_goes_is_counted_and_not_told_more_than_once_a_minute() {
        for (int i = 0; i < 59; i++) {
            fail(Kind.CONNECTION);
            trouble.succeeded();
            pass(Duration.ofSeconds(1));
        }
        assertThat(lines()).hasSize(2);

        pass(Duration.ofSeconds(1));
        fail(Kind.CONNECTION);
        trouble.succeeded();

        assertThat(lines()).hasSize(4);
        assertThat(lines().get(3)).contains("after 59 failed attempts");
        assertThat(told.connections()).hasSize(120);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CONTENTION", "STALE_STATEMENT"})
    void what_the_next_attempt_solves_is_not_worth_a_line(Kind kind) {
        fail(kind);
        trouble.succeeded();
        assertThat(log.lines).isEmpty();
    }

    /** Such as a table that somebody has locked, where the store does not wait for locks. */
    @Test
    void what_ten_attempts_do_not_solve_is_trouble_from_the_first_of_them_on() {
        for (int attempt = 1; attempt <= 12; attempt++) {
            fail(Kind.CONTENTION, attempt);
        }
        trouble.succeeded();

        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).startsWith("WARN").contains("CONTENTION", "scripted CONTENTION");
        assertThat(lines().get(1)).startsWith("INFO").contains("after 12 failed attempts");
    }

    @Test
    void an_error_of_the_configuration_is_loud_once_even_in_the_middle_of_other_trouble() {
        fail(Kind.CONNECTION);
        fail(Kind.CONFIGURATION);
        fail(Kind.CONFIGURATION);
        fail(Kind.CONFIGURATION);
        trouble.succeeded();

        assertThat(lines()).hasSize(3);
        assertThat(lines().get(1)).startsWith("ERROR").contains("scripted CONFIGURATION");
        assertThat(lines().get(2)).startsWith("INFO").contains("4 failed attempts");
    }

    @Test
    void one_line_when_records_begin_to_be_dropped_and_one_when_there_is_space_again_with_their_number() {
        dropped.addAndGet(3);
        trouble.dropped();
        dropped.addAndGet(4);
        trouble.dropped();
        trouble.spaceReturned();
        trouble.spaceReturned();

        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).startsWith("WARN").contains("buffer", "capacityBytes");
        assertThat(lines().get(1)).startsWith("INFO").contains("7 records were dropped");

        pass(Duration.ofSeconds(61));
        dropped.addAndGet(5);
        trouble.dropped();
        trouble.spaceReturned();
        assertThat(lines()).hasSize(4);
        assertThat(lines().get(3)).contains("5 records were dropped");
    }

    @Test
    void dropping_that_comes_and_goes_is_told_once_a_minute() {
        for (int i = 0; i < 100; i++) {
            dropped.incrementAndGet();
            trouble.dropped();
            trouble.spaceReturned();
        }
        assertThat(lines()).hasSize(2);
    }
}
