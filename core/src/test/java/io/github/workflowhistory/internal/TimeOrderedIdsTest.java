package io.github.workflowhistory.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.IdGenerator;
import io.github.workflowhistory.store.HistoryOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
    private static final int THREADS = 8;
    private static final int IDS = 20_000;

    private final IdGenerator generator = IdGenerator.timeOrdered();

    @Test
    void an_id_is_a_uuid_of_version_7_of_now() {
        long before = System.currentTimeMillis();
        UUID id = UUID.fromString(generator.newId());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isBetween(before - 1_000, before + 60_000);
    }

    @Test
    void ids_are_unique_and_grow_in_every_thread() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Future<List<String>>> futures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            futures.add(pool.submit(() -> {
                go.await();
                List<String> ids = new ArrayList<>(IDS);
                for (int n = 0; n < IDS; n++) {
                    ids.add(generator.newId());
                }
                return ids;
            }));
        }
        go.countDown();
        Set<String> all = new HashSet<>();
        for (Future<List<String>> future : futures) {
            List<String> ids = future.get(60, TimeUnit.SECONDS);
            assertThat(ids).isSortedAccordingTo(HistoryOrder.IDS);
            all.addAll(ids);
        }
        pool.shutdown();

        assertThat(all).hasSize(THREADS * IDS);
    }

    @Test
    void ids_grow_from_thread_to_thread() throws Exception {
        String earlier = generator.newId();
        for (int i = 0; i < 1_000; i++) {
            String[] later = new String[1];
            Thread thread = new Thread(() -> later[0] = generator.newId());
            thread.start();
            thread.join(60_000);
            assertThat(later[0]).isGreaterThan(earlier);
            earlier = later[0];
        }
    }

    @Test
    void ids_grow_while_the_clock_stands_still_or_goes_back() {
        AtomicLong clock = new AtomicLong(1_770_000_000_000L);
        IdGenerator still = new TimeOrderedIds(clock::get);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            if (i == 1_000) {
                clock.addAndGet(-3_600_000);
            }
            ids.add(still.newId());
        }
        clock.addAndGet(3_600_001);
        ids.add(still.newId());

        assertThat(ids).isSortedAccordingTo(HistoryOrder.IDS).doesNotHaveDuplicates();
        assertThat(UUID.fromString(ids.get(3_000)).getMostSignificantBits() >>> 16)
                .isEqualTo(1_770_000_000_001L);
    }

    @Test
    void an_id_does_not_tell_the_next_one() {
        IdGenerator still = new TimeOrderedIds(() -> 1_770_000_000_000L);
        Set<Long> steps = new HashSet<>();
        long earlier = UUID.fromString(still.newId()).getLeastSignificantBits();
        for (int i = 0; i < 1_000; i++) {
            long later = UUID.fromString(still.newId()).getLeastSignificantBits();
            steps.add(later - earlier);
            earlier = later;
        }
        // Of 1,000 random numbers of 32 bits, hardly any two are the same.
        assertThat(steps).hasSizeGreaterThan(990);
    }
}
