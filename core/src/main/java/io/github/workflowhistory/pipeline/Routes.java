package io.github.workflowhistory.pipeline;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Divides executions among lanes. As long as a record of an execution is on its way, all that follows goes after it, so
 * that it stays in order; otherwise an execution goes where the least is on its way, so that a writer which is slow or
 * stuck gets no more to do. Guarded by the buffer's lock.
 */
final class Routes {
    private final Lane[] lanes;
    /** The executions of which records are on their way. */
    private final Map<String, Route> routes = new HashMap<>();
    /** With one lane there is nothing to divide and nothing to remember. */
    private final @Nullable Route only;

    Routes(Lane[] lanes) {
        this.lanes = lanes;
        this.only = lanes.length == 1 ? new Route(lanes[0]) : null;
    }

    /** Where the records of one execution go, and how many of them are on their way. */
    static final class Route {
        final Lane lane;
        private long unsettled;

        private Route(Lane lane) {
            this.lane = lane;
        }
    }

    /** Adds a record to the lane of its execution. */
    void add(Entry entry) {
        Route route = only;
        if (route == null) {
            route = routes.get(entry.executionId);
            if (route == null) {
                route = new Route(leastLoaded());
                routes.put(entry.executionId, route);
            }
        }
        entry.route = route;
        try {
            route.lane.add(entry);
        } catch (Throwable e) {
            // When there was no memory for it, nothing has happened.
            forgetIfDone(entry.executionId, route);
            throw e;
        }
        route.unsettled++;
        route.lane.unsettled++;
    }

    private Lane leastLoaded() {
        Lane least = lanes[0];
        for (Lane lane : lanes) {
            if (lane.unsettled < least.unsettled) {
                least = lane;
            }
        }
        return least;
    }

    /** A record that was added has come to an end. */
    void settled(Entry entry) {
        Route route = entry.route;
        if (route != null) {
            entry.route = null;
            route.unsettled--;
            route.lane.unsettled--;
            forgetIfDone(entry.executionId, route);
        }
    }

    private void forgetIfDone(String executionId, Route route) {
        if (route.unsettled == 0 && only == null) {
            routes.remove(executionId);
        }
    }

    /** The lane on which records of an execution are on their way, or null when none is. */
    @Nullable
    Lane find(String executionId) {
        Route route = only == null ? routes.get(executionId) : only;
        return route == null ? null : route.lane;
    }

    /** A lane for what may go to any of them. */
    Lane anyFor(String executionId) {
        Lane lane = find(executionId);
        return lane == null ? lanes[Math.floorMod(executionId.hashCode(), lanes.length)] : lane;
    }

    /** Everything was given up. */
    void clear() {
        routes.clear();
    }
}
