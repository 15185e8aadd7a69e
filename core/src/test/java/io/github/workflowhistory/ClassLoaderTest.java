package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An application server drops an application's class loader and keeps its own threads. A history that was closed leaves
 * nothing behind that keeps the loader alive: no thread, no shutdown hook, no value in a thread of the host.
 */
@Timeout(120)
class ClassLoaderTest {

    /** What an application does; loaded by a loader of its own, together with the library and what that needs. */
    public static final class Application implements Runnable {
        @Override
        public void run() {
            // With leases: their thread is to end as well.
            ScriptedHistoryStore leasing = new ScriptedHistoryStore().withLeases();
            CollectingStore store = leasing.kept;
            try (WorkflowHistory history = WorkflowHistory.builder(leasing)
                    .redactor(Redactor.keys("password"))
                    .maxPayloadBytes(1_000)
                    .build()) {
                history.run("workflow", null, run -> {
                    run.info("with data", Map.of("password", "secret", "items", List.of(1, 2.5, "x")));
                    run.call("node", node -> Map.of("large", "x".repeat(5_000)));
                    run.call("cyclic", node -> {
                        Map<String, Object> cyclic = new HashMap<>();
                        cyclic.put("itself", cyclic);
                        return cyclic;
                    });
                });
                if (!history.flush(Duration.ofSeconds(30))) {
                    throw new AssertionError("not flushed");
                }
                if (!leasing.asked().contains("renew")) {
                    throw new AssertionError("without a lease");
                }
                store.logs().forEach(log -> {
                    if (log.data() != null && log.data().tree().isMissingNode()) {
                        throw new AssertionError(log);
                    }
                });
                if (!store.nodeResults()
                        .get(0)
                        .output()
                        .equals(store.nodeResults().get(0).output())) {
                    throw new AssertionError("not equal to itself");
                }
            }
        }
    }

    @Test
    void a_closed_history_keeps_no_class_loader_alive() throws Exception {
        ExecutorService threadOfTheHost = Executors.newSingleThreadExecutor();
        try {
            WeakReference<ClassLoader> loader = runAndDrop(threadOfTheHost);
            for (int i = 0; i < 100 && loader.get() != null; i++) {
                System.gc();
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(loader.get()).isNull();
        } finally {
            threadOfTheHost.shutdownNow();
        }
    }

    private static WeakReference<ClassLoader> runAndDrop(ExecutorService threadOfTheHost) throws Exception {
        // Under the bootstrap loader: the platform's would find the library as a module of this JVM.
        URLClassLoader loader = new URLClassLoader(CodeLocation.ofEverything().toArray(URL[]::new), null);
        Class<?> application = loader.loadClass(Application.class.getName());
        assertThat(application).isNotEqualTo(Application.class);
        Runnable work = (Runnable) application.getConstructor().newInstance();
        threadOfTheHost.submit(work).get();
        work.run();
        loader.close();
        return new WeakReference<>(loader);
    }
}
