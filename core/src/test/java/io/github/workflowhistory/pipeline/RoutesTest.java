package io.github.workflowhistory.pipeline;

import static io.github.workflowhistory.pipeline.PipelineTest.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private final ReentrantLock lock = new ReentrantLock();
    private final Lane[] lanes = IntStream.range(0, 3)
            .mapToObj(i -> new Lane(lock.newCondition(), 10, Long.MAX_VALUE))
            .toArray(Lane[]::new);
    private final Routes routes = new Routes(lanes);

    private Entry add(String id, String execution) {
        Entry entry = Entry.of(log(id, execution));
        lock.lock();
        try {
            routes.add(entry);
        } finally {
            lock.unlock();
        }
        return entry;
    }

    private int laneOf(String execution) {
        return Arrays.asList(lanes).indexOf(routes.find(execution));
    }

    @Test
    void an_execution_goes_where_the_least_is_on_its_way() {
        for (int i = 0; i < 5; i++) {
            add("a" + i, "a");
        }
        add("b0", "b");
        add("b1", "b");
        add("c0", "c");
        add("d0", "d");

        assertThat(List.of(laneOf("a"), laneOf("b"), laneOf("c"), laneOf("d"))).containsExactly(0, 1, 2, 2);
    }

    @Test
    void what_follows_while_something_is_on_its_way_goes_after_it() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            entries.add(add("a" + i, "a"));
        }
        assertThat(lanes[0].size()).isEqualTo(100);

        for (Entry entry : entries.subList(0, 99)) {
            routes.settled(entry);
        }
        add("b", "b");
        add("c", "c");
        add("d", "d");
        add("the last but one", "a");

        assertThat(laneOf("a")).isZero();
    }

    @Test
    void an_execution_of_which_nothing_is_on_its_way_is_forgotten() {
        Entry entry = add("a0", "a");
        add("b0", "b");
        lanes[0].remove();
        assertThat(laneOf("a")).as("taken, but not settled").isZero();

        routes.settled(entry);
        assertThat(routes.find("a")).isNull();
        routes.settled(entry);

        add("c0", "c");
        assertThat(laneOf("c")).isZero();
        add("a1", "a");
        assertThat(laneOf("a")).isEqualTo(2);
    }

    @Test
    void what_may_go_anywhere_goes_after_what_is_on_its_way_or_always_to_the_same() {
        add("a0", "a");
        assertThat(routes.anyFor("a")).isSameAs(lanes[0]);
        assertThat(routes.anyFor("unknown")).isSameAs(routes.anyFor("unknown")).isIn((Object[]) lanes);
        assertThat(routes.find("unknown")).isNull();
    }

    @Test
    void a_record_that_could_not_be_added_leaves_nothing_behind() {
        Lane broken = new Lane(lock.newCondition(), 10, Long.MAX_VALUE);
        Routes two = new Routes(new Lane[] {broken, broken});
        // Without the lock a lane cannot wake its writer.
        assertThatThrownBy(() -> two.add(Entry.of(log("a", "a")))).isInstanceOf(IllegalMonitorStateException.class);

        assertThat(two.find("a")).isNull();
        assertThat(broken.unsettled).isZero();
    }

    @Test
    void with_one_lane_all_go_there() {
        Routes single = new Routes(new Lane[] {lanes[0]});
        assertThat(single.find("a")).isSameAs(lanes[0]);
        assertThat(single.anyFor("a")).isSameAs(lanes[0]);
    }
}
