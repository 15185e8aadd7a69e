package io.github.workflowhistory.pipeline;

import static io.github.workflowhistory.pipeline.PipelineTest.result;
import static io.github.workflowhistory.pipeline.PipelineTest.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.Json;
import io.github.workflowhistory.pipeline.Buffer.Answer;
import io.github.workflowhistory.pipeline.Entry.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many records a call hands over, and however often each is offered, it waits for space once. */
@Timeout(60)
class PatienceTest {
    private static final Duration EVER = Duration.ofHours(1);

    private final Buffer buffer = new Buffer(PipelineTest.eager()
            .capacityBytes(64 << 10)
            .batchSize(100)
            .maxBlock(EVER)
            .build());

    private static Entry entry(String id, int length) {
        return Entry.of(result(id, "e1", "x".repeat(length)));
    }

    @BeforeEach
    void fill() {
        assertThat(buffer.offer(entry("small", 0), null)).isEqualTo(Answer.TAKEN);
        List<Entry> small = take();
        assertThat(buffer.offer(entry("large", 30_000), null)).isEqualTo(Answer.TAKEN);
        assertThat(buffer.settle(Parcel.of(small), Outcome.STORED, null)).isTrue();
    }

    private List<Entry> take() {
        return Objects.requireNonNull(buffer.take(0, null, null));
    }

    /** A call that has waited for all of its time, in the course of which some space appeared, but not enough. */
    private static Patience spent() {
        Patience patience = new Patience(EVER);
        patience.left(0);
        return patience;
    }

    @Test
    void the_next_record_of_a_call_that_has_waited_does_not_wait_again() {
        assertThat(buffer.offer(entry("too much", 30_000), spent())).isEqualTo(Answer.NO_SPACE);
    }

    @Test
    void an_end_that_has_waited_with_its_output_does_not_wait_again_without_it() {
        Patience patience = spent();
        Entry end = Entry.of(success("e1").withFinalOutput(Json.of("x".repeat(30_000))));
        assertThat(buffer.offer(end, patience)).isEqualTo(Answer.SHED_FIRST);

        assertThat(buffer.offer(end.withoutPayload("y".repeat(30_000)), patience))
                .isEqualTo(Answer.NO_SPACE);
    }

    @Test
    void what_one_record_has_waited_the_next_one_waits_less() {
        Patience patience = new Patience(Duration.ofMillis(1));

        assertThat(buffer.offer(entry("too much", 30_000), patience)).isEqualTo(Answer.NO_SPACE);

        assertThat(patience.left()).isNotPositive();
    }

    @Test
    void a_call_that_had_little_time_left_keeps_no_other_from_waiting() {
        assertThat(buffer.offer(entry("too much", 30_000), spent())).isEqualTo(Answer.NO_SPACE);
        AtomicReference<Answer> answer = new AtomicReference<>();
        Thread other = new Thread(() -> answer.set(buffer.offer(entry("waits", 30_000), new Patience(EVER))));
        other.start();
        PipelineTest.awaitWaiting(other);

        assertThat(buffer.settle(Parcel.of(take()), Outcome.STORED, null)).isTrue();

        PipelineTest.join(other);
        assertThat(answer).hasValue(Answer.TAKEN);
    }
}
