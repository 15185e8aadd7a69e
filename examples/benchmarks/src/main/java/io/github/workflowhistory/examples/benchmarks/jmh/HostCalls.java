package io.github.workflowhistory.examples.benchmarks.jmh;

import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;

/** The calls that a host makes most often. */
public class HostCalls {
    private static final String MESSAGE =
            "asked the shop for the orders since the last run, page by page, newest page first";
    private static final Map<String, Object> DATA = Map.of("page", 17, "orders", 42, "source", "shop.example");

    /** {@code node.info("…")}. */
    @Benchmark
    public void info(Host host) {
        host.node().info(MESSAGE);
    }

    /** {@code node.info("…", Map.of(…))}, whose data becomes JSON. */
    @Benchmark
    public void infoWithData(Host host) {
        host.node().info(MESSAGE, DATA);
    }

    /** A whole node, with a small output. */
    @Benchmark
    public void node(Host host) {
        host.run().begin("fetch").success(DATA);
    }
}
