package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.store.ExecutionChange;
import io.github.workflowhistory.store.HistoryBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ParallelNodesTest {
    private static final int THREADS = 8;

    private final CollectingStore store = new CollectingStore();
    private final WorkflowHistory history =
            WorkflowHistory.builder(store).synchronous().build();
    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    private static void await(List<? extends Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            future.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void nodes_of_many_threads_are_all_recorded() throws Exception {
        history.run("workflow", null, run -> {
            List<Future<String>> pending = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int number = i;
                pending.add(pool.submit(() -> run.call("enrich", node -> {
                    node.info("line of " + number);
                    return "output " + number;
                })));
            }
            await(pending);
        });

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.SUCCESS);
        assertThat(store.nodeResults()).hasSize(400).allMatch(result -> result.status() == NodeStatus.SUCCESS);
        Set<String> runs = store.nodeResults().stream().map(NodeResult::id).collect(Collectors.toSet());
        assertThat(runs).hasSize(400);
        assertThat(store.logs()).hasSize(400).allMatch(log -> runs.contains(log.nodeRunId()));
    }

    @Test
    void one_failure_among_parallel_nodes_makes_the_execution_partial() throws Exception {
        history.run("workflow", null, run -> {
            List<Future<?>> pending = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int number = i;
                pending.add(pool.submit(() -> {
                    NodeRun node = run.begin("enrich");
                    if (number == 42) {
                        node.failed("boom");
                    } else {
                        node.success();
                    }
                }));
            }
            await(pending);
        });

        assertThat(store.execution().status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @RepeatedTest(20)
    void of_racing_ends_of_a_node_exactly_one_is_recorded() throws Exception {
        ExecutionRun run = history.begin("workflow", null);
        NodeRun node = run.begin("node");
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        List<Future<?>> pending = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            pending.add(pool.submit(() -> {
                barrier.await();
                switch (number % 4) {
                    case 0 -> node.success(number);
                    case 1 -> node.failed("failed by " + number);
                    case 2 -> node.skipped("skipped by " + number);
                    default -> run.complete();
                }
                return null;
            }));
        }
        await(pending);
        run.complete();

        NodeResult recorded = store.nodeResult("node");
        assertThat(resultsRecorded()).isEqualTo(1);
        assertThat(endsRecorded()).isEqualTo(1);
        assertThat(store.execution().status())
                .isIn(recorded.status() == NodeStatus.FAILED ? ExecutionStatus.FAILED : ExecutionStatus.SUCCESS);
    }

    @RepeatedTest(20)
    void of_racing_ends_of_an_execution_exactly_one_is_recorded() throws Exception {
        ExecutionRun run = history.begin("workflow", null);
        run.begin("open");
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        List<Future<?>> pending = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            pending.add(pool.submit(() -> {
                barrier.await();
                switch (number % 4) {
                    case 0 -> run.success(number);
                    case 1 -> run.failed("failed by " + number);
                    case 2 -> run.complete(number);
                    default -> run.close();
                }
                return null;
            }));
        }
        await(pending);

        assertThat(endsRecorded()).isEqualTo(1);
        assertThat(resultsRecorded()).isEqualTo(1);
    }

    @RepeatedTest(20)
    void of_racing_retries_exactly_one_begins() throws Exception {
        NodeRun failed = history.begin("workflow", null).begin("node");
        failed.failed("boom");
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        List<Future<Boolean>> pending = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            pending.add(pool.submit(() -> {
                barrier.await();
                try {
                    failed.retry();
                    return true;
                } catch (IllegalStateException e) {
                    return false;
                }
            }));
        }
        int begun = 0;
        for (Future<Boolean> future : pending) {
            begun += future.get(60, TimeUnit.SECONDS) ? 1 : 0;
        }

        assertThat(begun).isEqualTo(1);
    }

    @Test
    void an_end_that_is_slow_to_serialise_holds_up_nobody_else() throws Exception {
        CountDownLatch serialising = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WorkflowHistory slow = WorkflowHistory.builder(store)
                .synchronous()
                .codec((value, out) -> {
                    if (value.equals("slow")) {
                        serialising.countDown();
                        awaitQuietly(goOn);
                    }
                    PayloadCodec.jackson().write(value, out);
                })
                .build();
        ExecutionRun run = slow.begin("workflow", null);
        NodeRun node = run.begin("slow");
        Future<?> ending = pool.submit(() -> node.success("slow"));
        assertThat(serialising.await(60, TimeUnit.SECONDS)).isTrue();

        // Returns although the other end is still being serialised: no lock is held meanwhile.
        pool.submit(() -> run.call("fast", any -> 1)).get(60, TimeUnit.SECONDS);
        pool.submit(() -> run.info("line")).get(60, TimeUnit.SECONDS);
        goOn.countDown();
        ending.get(60, TimeUnit.SECONDS);

        assertThat(store.nodeResults()).hasSize(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long resultsRecorded() {
        return store.batches().stream()
                .mapToLong(batch -> batch.nodeResults().size())
                .sum();
    }

    private long endsRecorded() {
        return store.batches().stream()
                .map(HistoryBatch::changes)
                .flatMap(List::stream)
                .map(ExecutionChange::status)
                .filter(ExecutionStatus::isTerminal)
                .count();
    }
}
