package io.github.workflowhistory.testkit;

import io.github.workflowhistory.WorkflowHistory;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands each test a {@link WorkflowHistory} of its own that a test can foretell: it writes at once into an
 * {@link InMemoryExecutionStore}, by a {@link SettableClock}, with {@link SequentialIds}.
 *
 * <pre>{@code
 * @ExtendWith(WorkflowHistoryExtension.class)
 * class ImporterTest {
 *     @Test
 *     void an_import_fetches_and_stores(WorkflowHistory history, InMemoryExecutionStore store, SettableClock clock) {
 *         new Importer(history).run();
 *
 *         assertThatLatestExecution(store).succeeded().ranNodes("fetch", "store");
 *     }
 * }
 * }</pre>
 *
 * <p>Methods of tests, and those that run before or after each of them, can have parameters of the types above and of
 * {@link FaultyStore}, which stands between the history and the in-memory store. Who asks for an
 * {@link io.github.workflowhistory.store.ExecutionStore ExecutionStore} or for its reading or writing side gets the
 * in-memory store. The same is at hand as {@link #history()} and so on when the extension is a field with
 * {@code @RegisterExtension} that is not static.
 *
 * <p>It is strict: a test in which history could not be recorded fails, because the library itself never tells the
 * host. Turn that off where such a failure is what is tested:
 *
 * <pre>{@code
 * @RegisterExtension
 * final WorkflowHistoryExtension extension = new WorkflowHistoryExtension().allowingRejections();
 *
 * @Test
 * void an_import_goes_on_without_its_history() {
 *     extension.faults().onWrites().fail();
 *
 *     new Importer(extension.history()).run();
 * }
 * }</pre>
 *
 * <p>The history here has no buffer. To see how a buffered one tries again, build it yourself, on a
 * {@link FaultyStore} around an {@link InMemoryExecutionStore}.
 */
public final class WorkflowHistoryExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(WorkflowHistoryExtension.class);

    private final UnaryOperator<WorkflowHistory.Builder> settings;
    private final boolean strict;
    private volatile @Nullable HistoryFixture current;

    /** The extension with the default settings. */
    public WorkflowHistoryExtension() {
        this(builder -> builder, true);
    }

    private WorkflowHistoryExtension(UnaryOperator<WorkflowHistory.Builder> settings, boolean strict) {
        this.settings = settings;
        this.strict = strict;
    }

    /**
     * The extension with other settings of the history, such as a redactor or limits.
     *
     * @param settings changes the builder, which is set up as the class says; changing the rejection listener ends the
     *     strictness
     * @return a new extension
     */
    public static WorkflowHistoryExtension with(UnaryOperator<WorkflowHistory.Builder> settings) {
        return new WorkflowHistoryExtension(Objects.requireNonNull(settings, "settings must not be null"), true);
    }

    /**
     * The same extension, for tests in which history cannot be recorded: for a field with {@code @RegisterExtension}, as
     * {@code @ExtendWith} makes one that is strict.
     *
     * @return a new extension that lets such tests pass; see {@link #rejections()}
     */
    public WorkflowHistoryExtension allowingRejections() {
        return new WorkflowHistoryExtension(settings, false);
    }

    /**
     * The history of the test that runs.
     *
     * @return a history that writes at once
     */
    public WorkflowHistory history() {
        return fixture().history();
    }

    /**
     * The store of the test that runs.
     *
     * @return a store that holds what this test has recorded
     */
    public InMemoryExecutionStore store() {
        return fixture().store();
    }

    /**
     * The clock of the test that runs.
     *
     * @return a clock that stands at {@link SettableClock#DEFAULT_START} until the test moves it
     */
    public SettableClock clock() {
        return fixture().clock();
    }

    /**
     * What stands between the history and the store of the test that runs.
     *
     * @return a store that does nothing wrong until the test wants it to
     */
    public FaultyStore faults() {
        return fixture().faults();
    }

    /**
     * What could not be recorded in the test that runs.
     *
     * @return the reasons in the order in which they came, unmodifiable
     */
    public List<RuntimeException> rejections() {
        return fixture().rejections();
    }

    private HistoryFixture fixture() {
        return Objects.requireNonNull(
                current, "no test is running: the history begins before each test and ends after it");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        current = fixtureOf(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        HistoryFixture fixture = fixtureOf(context);
        current = null;
        fixture.close();
        if (strict && context.getExecutionException().isEmpty()) {
            fixture.requireNoRejections();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return HistoryFixture.hasPart(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("each test has a " + type.getSimpleName()
                    + " of its own: ask for it in the test, or in a method that runs before or after each test,"
                    + " not in " + parameter.getDeclaringExecutable());
        }
        return HistoryFixture.part(type, fixtureOf(context));
    }

    private HistoryFixture fixtureOf(ExtensionContext context) {
        // JUnit 5 has no computeIfAbsent, JUnit 6 deprecates what was there before: both have get and put, and what
        // runs
        // for one test runs one after the other.
        ExtensionContext.Store parts = context.getStore(NAMESPACE);
        HistoryFixture known = parts.get(HistoryFixture.class, HistoryFixture.class);
        if (known != null) {
            return known;
        }
        HistoryFixture fixture = new HistoryFixture(settings, strict);
        parts.put(HistoryFixture.class, fixture);
        return fixture;
    }
}
