package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.store.ExecutionLeases;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An application server has the driver, drops an application's class loader, and keeps its own threads. A history that
 * was closed leaves nothing behind that keeps the loader alive, and neither do its store, Jdbi and what they have parsed.
 */
@Timeout(120)
class ClassLoaderTest {
    private static TestDatabase database;

    @BeforeAll
    static void createDatabase() {
        database = TestDatabase.create("class_loader").install();
    }

    /** What an application does with the URL of a database; loaded by a loader of its own, together with the library. */
    public static final class Application implements Consumer<String> {
        @Override
        public void accept(String url) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(url);
            JdbcExecutionStore store = JdbcExecutionStore.create(dataSource);
            try (WorkflowHistory history = WorkflowHistory.builder(store).build()) {
                for (int i = 0; i < 10; i++) {
                    history.run("workflow", null, run -> {
                        run.info("with data", Map.of("items", List.of(1, 2.5, "x")));
                        run.call("node", node -> {
                            for (int log = 0; log < 10; log++) {
                                node.info("enough for COPY");
                            }
                            return Map.of("output", "y");
                        });
                    });
                }
                if (!history.flush(Duration.ofSeconds(30))) {
                    throw new AssertionError("not flushed");
                }
                List<String> ended = history.endAbandoned(Duration.ofHours(1), ExecutionLeases.Scope.LEASED);
                if (!ended.isEmpty()) {
                    throw new AssertionError(ended);
                }
            }
        }
    }

    @Test
    void a_closed_history_and_its_store_keep_no_class_loader_alive() throws Exception {
        ExecutorService threadOfTheHost = Executors.newSingleThreadExecutor();
        try {
            WeakReference<ClassLoader> loader = runAndDrop(threadOfTheHost);
            Await.until("the class loader is gone", () -> {
                System.gc();
                return loader.get() == null;
            });
            assertThat(database.query("select count(*) from public.execution_logs"))
                    .containsExactly("220");
        } finally {
            threadOfTheHost.shutdownNow();
        }
    }

    private static WeakReference<ClassLoader> runAndDrop(ExecutorService threadOfTheHost) throws Exception {
        // Over the bootstrap loader: the platform's would find the library as a module of this JVM.
        URLClassLoader loader = new URLClassLoader(ofApplication().toArray(URL[]::new), new DriverOnly());
        Class<?> application = loader.loadClass(Application.class.getName());
        assertThat(application).isNotEqualTo(Application.class);
        @SuppressWarnings("unchecked")
        Consumer<String> work = (Consumer<String>) application.getConstructor().newInstance();
        PGSimpleDataSource connections = database.dataSource();
        String url = connections.getURL() + "&user=" + connections.getUser();
        threadOfTheHost.submit(() -> work.accept(url)).get();
        work.accept(url);
        loader.close();
        return new WeakReference<>(loader);
    }

    /** What the application server lends to its applications. */
    private static final class DriverOnly extends ClassLoader {
        private DriverOnly() {
            super(null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.postgresql.") || name.startsWith("java.") || name.startsWith("javax.")) {
                return ClassLoaderTest.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }

    /** Everything else that these tests have on their paths, and the tests themselves, which are patched into a module. */
    private static List<URL> ofApplication() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        String file = ClassLoaderTest.class.getName().replace('.', '/') + ".class";
        String self = ClassLoaderTest.class.getResource("/" + file).toString();
        urls.add(URI.create(self.substring(0, self.length() - file.length())).toURL());
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                if (!entry.isEmpty()) {
                    urls.add(Path.of(entry).toUri().toURL());
                }
            }
        }
        return urls;
    }
}
