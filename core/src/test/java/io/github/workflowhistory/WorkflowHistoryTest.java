package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workflowhistory.query.ExecutionQuery;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The lambda form: work that is recorded while it runs. */
class WorkflowHistoryTest {
    private static final UUID USER = UUID.fromString("00000000-0000-0000-0000-000000000001");

    private final CollectingStore store = new CollectingStore();
    private final SettableClock clock = new SettableClock();
    private final WorkflowHistory history =
            WorkflowHistory.builder(store).clock(clock).synchronous().build();

    @Test
    void what_the_work_returns_is_returned_and_is_the_final_output() {
        int answer = history.record("workflow", USER, run -> 42);

        assertThat(answer).isEqualTo(42);
        WorkflowExecution execution = store.execution();
        assertThat(execution.workflowId()).isEqualTo("workflow");
        assertThat(execution.userId()).isEqualTo(USER);
        assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(execution.finalOutput()).isEqualTo(Json.of(42));
        assertThat(execution.error()).isNull();
    }

    @Test
    void work_without_output_has_no_payload() {
        history.run("workflow", null, run -> run.run("node", node -> {}));
        String nothing = history.execution("workflow").id("second").record(run -> null);

        assertThat(nothing).isNull();
        assertThat(store.listExecutions(ExecutionQuery.all())).hasSize(2).allSatisfy(summary -> {
            assertThat(summary.status()).isEqualTo(ExecutionStatus.SUCCESS);
            assertThat(store.findExecution(summary.id()).orElseThrow().finalOutput())
                    .isNull();
        });
        assertThat(store.nodeResult("node").output()).isNull();
    }

    @Test
    void an_execution_is_running_while_its_work_runs() {
        history.run("workflow", null, run -> {
            assertThat(store.execution().status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(store.execution().startedAt()).isEqualTo(SettableClock.START);
            assertThat(store.execution().completedAt()).isNull();
        });
    }

    @Test
    void checked_exceptions_are_inferred_and_passed_on_unchanged() {
        IOException disk = new IOException("disk");

        // Compiles only when the exceptions of the work are those of the call, and no others.
        IOException passed = null;
        try {
            history.record("workflow", null, run -> run.call("node", node -> read(disk)));
        } catch (IOException e) {
            passed = e;
        }
        int unchecked = history.record("workflow", null, run -> run.call("node", node -> 1));

        assertThat(passed).isSameAs(disk);
        assertThat(unchecked).isEqualTo(1);
    }

    private static String read(IOException failure) throws IOException {
        throw failure;
    }

    @Test
    void work_that_throws_has_failed_with_class_message_and_causes() {
        TimeoutException error = new TimeoutException("too slow");
        error.initCause(new IOException("line cut"));

        assertThatThrownBy(() -> history.run("workflow", null, run -> {
                    throw error;
                }))
                .isSameAs(error);

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.execution().error())
                .isEqualTo("java.util.concurrent.TimeoutException: too slow\ncaused by: java.io.IOException: line cut");
        assertThat(store.execution().completedAt()).isNotNull();
    }

    @Test
    void errors_are_recorded_and_passed_on_too() {
        StackOverflowError error = new StackOverflowError();

        assertThatThrownBy(() -> history.record(
                        "workflow",
                        null,
                        run -> run.call("node", node -> {
                            throw error;
                        })))
                .isSameAs(error);

        assertThat(store.nodeResult("node").status()).isEqualTo(NodeStatus.FAILED);
        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    void a_node_is_recorded_with_its_output_and_name() {
        String output = history.record("workflow", null, run -> run.call("fetch", "Fetch orders", node -> "orders"));

        assertThat(output).isEqualTo("orders");
        NodeResult result = store.nodeResult("fetch");
        assertThat(result.executionId()).isEqualTo(store.execution().id());
        assertThat(result.nodeName()).isEqualTo("Fetch orders");
        assertThat(result.status()).isEqualTo(NodeStatus.SUCCESS);
        assertThat(result.output()).isEqualTo(Json.of("orders"));
        assertThat(result.attempt()).isEqualTo(1);
        assertThat(result.startedAt()).isEqualTo(SettableClock.START);
        assertThat(result.finishedAt()).isEqualTo(SettableClock.START);
    }

    @Test
    void a_node_without_a_name_is_named_by_its_id() {
        history.run("workflow", null, run -> {
            run.run("a", node -> {});
            run.call("b", node -> 1);
            run.begin("c").success();
            run.skip("d", "nothing to do");
        });

        assertThat(store.nodeResults())
                .allSatisfy(result -> assertThat(result.nodeName()).isEqualTo(result.nodeId()));
    }

    @Test
    void a_node_that_fails_and_is_caught_makes_the_execution_partial() {
        history.run("workflow", null, run -> {
            run.run("good", node -> {});
            try {
                run.run("bad", node -> {
                    throw new IllegalStateException("boom");
                });
            } catch (IllegalStateException e) {
                run.warn("goes on without it");
            }
        });

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
        assertThat(store.execution().error()).isNull();
        assertThat(store.nodeResult("bad").error()).isEqualTo("java.lang.IllegalStateException: boom");
    }

    @Test
    void nodes_that_all_fail_make_the_execution_failed() {
        history.run("workflow", null, run -> {
            run.begin("bad").failed("boom");
            run.skip("skipped", "because of bad");
        });

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    void skipped_nodes_count_neither_way() {
        history.run("workflow", null, run -> run.skip("mail", "Send mail", "nothing new"));

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.nodeResult("mail").status()).isEqualTo(NodeStatus.SKIPPED);
        assertThat(store.nodeResult("mail").error()).isEqualTo("nothing new");
        assertThat(store.nodeResult("mail").nodeName()).isEqualTo("Send mail");
    }

    @Test
    void work_may_end_its_execution_itself() {
        history.run("workflow", null, run -> run.failed("not good enough"));

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(store.execution().error()).isEqualTo("not good enough");
    }

    @Test
    void an_end_that_was_stated_stays_even_when_the_work_throws_after_it() {
        assertThatThrownBy(() -> history.run("workflow", null, run -> {
                    run.partial(Map.of("done", 3));
                    throw new IOException("later");
                }))
                .isInstanceOf(IOException.class);

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
        assertThat(store.execution().finalOutput()).isEqualTo(Json.of(Map.of("done", 3)));
        assertThat(store.execution().error()).isNull();
    }

    @Test
    void a_stated_status_wins_over_that_of_the_nodes() {
        history.run("workflow", null, run -> {
            run.begin("bad").failed("boom");
            run.success("good enough");
        });

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
    }

    @Test
    void the_host_may_give_an_id() {
        history.execution("workflow")
                .id("exec_1732412345678_k3j9x2a1b")
                .userId(USER)
                .run(run -> {});

        assertThat(store.execution().id()).isEqualTo("exec_1732412345678_k3j9x2a1b");
        assertThat(store.execution().userId()).isEqualTo(USER);
    }

    @Test
    void log_entries_of_one_microsecond_keep_the_order_of_the_calls() {
        history.run("workflow", null, run -> {
            for (int i = 0; i < 1_000; i++) {
                run.info("line " + i);
            }
        });

        List<ExecutionLog> logs = store.logs();
        assertThat(logs).hasSize(1_000);
        for (int i = 0; i < logs.size(); i++) {
            assertThat(logs.get(i).message()).isEqualTo("line " + i);
        }
    }

    @Test
    void every_level_has_its_method_with_and_without_data() {
        history.run("workflow", null, run -> {
            run.debug("m");
            run.info("m");
            run.warn("m");
            run.error("m");
            run.debug("m", 1);
            run.info("m", 1);
            run.warn("m", 1);
            run.error("m", 1);
        });

        assertThat(store.logs()).extracting(ExecutionLog::level).containsExactly(levels());
        assertThat(store.logs().subList(0, 4))
                .allSatisfy(log -> assertThat(log.data()).isNull());
        assertThat(store.logs().subList(4, 8))
                .allSatisfy(log -> assertThat(log.data()).isEqualTo(Json.of(1)));
    }

    private static LogLevel[] levels() {
        LogLevel[] all = LogLevel.values();
        return List.of(all[0], all[1], all[2], all[3], all[0], all[1], all[2], all[3])
                .toArray(LogLevel[]::new);
    }

    @Test
    void entries_below_the_level_are_neither_recorded_nor_serialised() {
        CollectingStore quiet = new CollectingStore();
        WorkflowHistory.builder(quiet)
                .synchronous()
                .logLevel(LogLevel.WARN)
                .build()
                .run("workflow", null, run -> {
                    run.info("m", new PayloadEncoderTest.GetterThrows());
                    run.warn("kept");
                });

        assertThat(quiet.log().message()).isEqualTo("kept");
    }

    @Test
    void texts_and_payloads_are_limited() {
        CollectingStore small = new CollectingStore();
        WorkflowHistory limited = WorkflowHistory.builder(small)
                .synchronous()
                .maxTextBytes(200)
                .maxPayloadBytes(200)
                .build();
        String long1 = "x".repeat(5_000);

        limited.record("workflow", null, run -> {
            run.info(long1, long1);
            run.begin("node", long1).failed(long1);
            return long1;
        });

        assertThat(small.log().message()).hasSizeLessThanOrEqualTo(200).contains("left out");
        assertThat(small.log().data().isTruncated()).isTrue();
        assertThat(small.nodeResult("node").nodeName()).hasSizeLessThanOrEqualTo(200);
        assertThat(small.nodeResult("node").error()).hasSizeLessThanOrEqualTo(200);
        assertThat(small.execution().finalOutput().isTruncated()).isTrue();
    }

    @Test
    void names_and_texts_of_any_kind_are_recorded_as_they_are() {
        String awkward = "Robert'); DROP TABLE students;-- 100% \"quoted\" 😀 \\u0000";

        history.run("workflow", null, run -> {
            run.info(awkward);
            run.run("node", awkward, node -> {});
        });

        assertThat(store.log().message()).isEqualTo(awkward);
        assertThat(store.nodeResult("node").nodeName()).isEqualTo(awkward);
    }

    @Test
    void a_node_can_be_told_to_keep_no_output() {
        history.run(
                "workflow",
                null,
                run -> run.call("secret", node -> {
                    node.discardOutput();
                    return "token";
                }));

        assertThat(store.nodeResult("secret").output()).isNull();
        assertThat(store.nodeResult("secret").status()).isEqualTo(NodeStatus.SUCCESS);
    }

    @Test
    void a_later_change_of_an_output_does_not_change_history() {
        List<Object> output = new ArrayList<>(List.of("before"));
        history.record("workflow", null, run -> output);
        output.set(0, Instant.EPOCH);

        assertThat(store.execution().finalOutput()).isEqualTo(Json.of(List.of("before")));
    }
}
