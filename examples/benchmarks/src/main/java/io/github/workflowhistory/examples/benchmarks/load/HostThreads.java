package io.github.workflowhistory.examples.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** The threads of a host application that do its work. */
final class HostThreads {
    private HostThreads() {}

    /** Does the work with the numbers from zero on, divided among threads; returns when all of it is done. */
    static void run(int threads, int executions, IntConsumer work) throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        List<Callable<Void>> hosts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            hosts.add(() -> {
                for (int number = next.getAndIncrement(); number < executions; number = next.getAndIncrement()) {
                    work.accept(number);
                }
                return null;
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> host : pool.invokeAll(hosts)) {
                host.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
