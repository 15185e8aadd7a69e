package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hosts whose clock jumps, whose objects throw and whose texts are huge. */
class AwkwardHostTest extends BufferedHistoryFixture {
    @Test
    void with_a_clock_that_jumps_by_an_hour_ids_stay_ordered_and_no_duration_is_negative() {
        SettableClock clock = new SettableClock();
        history = builder().clock(clock).build();
        ExecutionRun run = history.begin("workflow", null);
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofHours(i % 2 == 0 ? -1 : 1));
            NodeRun node = run.begin("node-" + i);
            clock.advance(Duration.ofHours(i % 3 == 0 ? -1 : 1));
            node.success();
            run.info("m" + i);
            messages.add("m" + i);
        }
        clock.set(SettableClock.START.minusSeconds(3_600));
        run.complete();
        assertThat(history.flush(LONG)).isTrue();

        assertThat(store.kept.execution().duration()).isEqualTo(Duration.ZERO);
        assertThat(store.kept.execution().completedAt())
                .isEqualTo(store.kept.execution().startedAt());
        assertThat(store.kept.nodeResults()).hasSize(100).allSatisfy(result -> {
            assertThat(result.duration().isNegative()).isFalse();
            assertThat(result.finishedAt()).isAfterOrEqualTo(result.startedAt());
        });
        assertThat(store.kept.logs().stream()
                        .sorted(java.util.Comparator.comparing(ExecutionLog::id))
                        .map(ExecutionLog::message))
                .containsExactlyElementsOf(messages);
    }

    @Test
    void cyclic_objects_and_those_that_throw_are_recorded_as_markers() {
        start(lingering());
        Map<String, Object> cyclic = new java.util.HashMap<>();
        cyclic.put("itself", cyclic);
        Object throwing = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("toString");
            }
        };
        history.run("workflow", null, run -> {
            run.info("cyclic", cyclic);
            run.info("throwing", Map.of("key", throwing));
            run.failed(new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getMessage() {
                    throw new IllegalStateException("getMessage");
                }
            });
        });
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.logs()).hasSize(2);
        assertThat(store.kept.logs().get(0).data().tree().path("unserializable").asBoolean())
                .isTrue();
        assertThat(store.kept.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(lost).isEmpty();
    }

    @Test
    void three_hundred_megabytes_are_limited_at_the_call_and_cost_no_more_memory_than_the_limit() {
        start(lingering());
        String huge = "x".repeat(300 << 20);
        history.run("workflow", null, run -> {
            run.info(huge, huge);
            run.begin("node", huge).failed(huge);
            run.complete(huge);
        });

        // A message, a name and an error of 64 KiB, and two previews.
        assertThat(stats().usedBytes()).isLessThan(1 << 20);
        assertThat(history.flush(LONG)).isTrue();
        assertThat(store.kept.log().message()).hasSizeLessThanOrEqualTo(64 << 10);
        assertThat(store.kept.log().data().isTruncated()).isTrue();
        assertThat(store.kept.execution().finalOutput().isTruncated()).isTrue();
        assertThat(store.kept.nodeResult("node").error()).hasSizeLessThanOrEqualTo(64 << 10);
    }
}
