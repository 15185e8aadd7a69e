package io.github.workflowhistory.testkit;

import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.testkit.contract.AbandonmentRules;
import io.github.workflowhistory.testkit.contract.AppendOnlyRules;
import io.github.workflowhistory.testkit.contract.AtomicityRules;
import io.github.workflowhistory.testkit.contract.BatchSizeRules;
import io.github.workflowhistory.testkit.contract.ConcurrencyRules;
import io.github.workflowhistory.testkit.contract.DeletionRules;
import io.github.workflowhistory.testkit.contract.DurationRules;
import io.github.workflowhistory.testkit.contract.IdConflictRules;
import io.github.workflowhistory.testkit.contract.IdempotenceRules;
import io.github.workflowhistory.testkit.contract.JsonRules;
import io.github.workflowhistory.testkit.contract.LeaseRaceRules;
import io.github.workflowhistory.testkit.contract.LeaseRules;
import io.github.workflowhistory.testkit.contract.LogLinkRules;
import io.github.workflowhistory.testkit.contract.OnceOnlyRules;
import io.github.workflowhistory.testkit.contract.OrderRules;
import io.github.workflowhistory.testkit.contract.ParentRules;
import io.github.workflowhistory.testkit.contract.RaceRules;
import io.github.workflowhistory.testkit.contract.RandomSequenceRules;
import io.github.workflowhistory.testkit.contract.ReadingRules;
import io.github.workflowhistory.testkit.contract.StatusRules;
import io.github.workflowhistory.testkit.contract.StoreUnderTest;
import io.github.workflowhistory.testkit.contract.TextRules;
import io.github.workflowhistory.testkit.contract.TimeRules;
import io.github.workflowhistory.testkit.contract.TransitionTableRules;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.Timeout;

/**
 * What every store must do, as a JUnit suite: the rules of {@link io.github.workflowhistory.store.ExecutionRecorder},
 * one nested class of tests for each, concurrency and awkward input included. Whoever writes a store extends it:
 *
 * <pre>{@code
 * class MyStoreContractTest extends ExecutionStoreContract {
 *     @Override
 *     protected ExecutionStore createStore() {
 *         return new MyStore(...);
 *     }
 * }
 * }</pre>
 *
 * <p>Capabilities that a store does not have are reported as skipped, with a message that names the capability. A test
 * that plays random operations has their seed in its name, and plays only one again when the system property
 * {@code workflowhistory.contract.seed} names it.
 */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
@Timeout(300)
public abstract class ExecutionStoreContract {
    private final StoreUnderTest underTest = new StoreUnderTest() {
        @Override
        public ExecutionStore store() {
            return currentStore();
        }

        @Override
        public UUID newUser() {
            return createUser(currentStore());
        }
    };

    private @Nullable ExecutionStore store;

    /** The contract, for a subclass that supplies the store. */
    protected ExecutionStoreContract() {}

    /**
     * Makes the store of one test. It is called before each test.
     *
     * @return a store that holds nothing; it may be one on a shared database that was emptied
     * @throws Exception when there is none, which fails the test
     */
    protected abstract ExecutionStore createStore() throws Exception;

    /**
     * Makes a user to whom executions can belong. Override it when the store knows its users, as PostgreSQL does
     * through its foreign key. This default is any UUID.
     *
     * @param store the store of the test
     * @return a user that was not returned before
     */
    protected UUID createUser(ExecutionStore store) {
        return UUID.randomUUID();
    }

    /**
     * Lets go of the store of one test. It is called after each test. This default closes a store that is
     * {@link AutoCloseable}.
     *
     * @param store the store of the test
     * @throws Exception when that goes wrong, which fails the test
     */
    protected void closeStore(ExecutionStore store) throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @BeforeEach
    final void setUpStore() throws Exception {
        store = Objects.requireNonNull(createStore(), "createStore() must not return null");
    }

    @AfterEach
    final void tearDownStore() throws Exception {
        ExecutionStore last = store;
        store = null;
        if (last != null) {
            closeStore(last);
        }
    }

    private ExecutionStore currentStore() {
        return Objects.requireNonNull(store, "no test is running");
    }

    @Nested
    @Order(1)
    @DisplayName("Reading: what was recorded is what is read")
    class Reading extends ReadingRules {
        Reading() {
            super(underTest);
        }
    }

    @Nested
    @Order(2)
    @DisplayName("Rule 1: a batch takes effect whole or not at all")
    class Rule01Atomic extends AtomicityRules {
        Rule01Atomic() {
            super(underTest);
        }
    }

    @Nested
    @Order(3)
    @DisplayName("Rule 2: the same batch again changes nothing")
    class Rule02Idempotent extends IdempotenceRules {
        Rule02Idempotent() {
            super(underTest);
        }
    }

    @Nested
    @Order(4)
    @DisplayName("Rule 3: statuses only move forward")
    class Rule03StatusesMoveForward extends StatusRules {
        Rule03StatusesMoveForward() {
            super(underTest);
        }
    }

    @Nested
    @Order(5)
    @DisplayName("Rule 3 as a table: every state and every change")
    class Rule03TransitionTable extends TransitionTableRules {
        Rule03TransitionTable() {
            super(underTest);
        }
    }

    @Nested
    @Order(6)
    @DisplayName("Rule 4: times are set once and null never overwrites")
    class Rule04SetOnce extends OnceOnlyRules {
        Rule04SetOnce() {
            super(underTest);
        }
    }

    @Nested
    @Order(7)
    @DisplayName("Rule 4: durations are kept, computed and never too long")
    class Rule04Durations extends DurationRules {
        Rule04Durations() {
            super(underTest);
        }
    }

    @Nested
    @Order(8)
    @DisplayName("Rule 5: nothing without its execution")
    class Rule05ParentsFirst extends ParentRules {
        Rule05ParentsFirst() {
            super(underTest);
        }
    }

    @Nested
    @Order(9)
    @DisplayName("Rule 6: node results and logs are append-only")
    class Rule06AppendOnly extends AppendOnlyRules {
        Rule06AppendOnly() {
            super(underTest);
        }
    }

    @Nested
    @Order(10)
    @DisplayName("Rule 7: an id belongs to one execution")
    class Rule07IdConflicts extends IdConflictRules {
        Rule07IdConflicts() {
            super(underTest);
        }
    }

    @Nested
    @Order(11)
    @DisplayName("Rule 8: a log entry belongs to a node run of its execution")
    class Rule08LogsOfNodeRuns extends LogLinkRules {
        Rule08LogsOfNodeRuns() {
            super(underTest);
        }
    }

    @Nested
    @Order(12)
    @DisplayName("Rule 9: any text can be recorded")
    class Rule09AnyText extends TextRules {
        Rule09AnyText() {
            super(underTest);
        }
    }

    @Nested
    @Order(13)
    @DisplayName("Rule 9: any JSON can be recorded")
    class Rule09AnyJson extends JsonRules {
        Rule09AnyJson() {
            super(underTest);
        }
    }

    @Nested
    @Order(14)
    @DisplayName("Rule 10: time, then the bytes of the ids")
    class Rule10Order extends OrderRules {
        Rule10Order() {
            super(underTest);
        }
    }

    @Nested
    @Order(15)
    @DisplayName("Rule 10: instants are kept to the microsecond")
    class Rule10Times extends TimeRules {
        Rule10Times() {
            super(underTest);
        }
    }

    @Nested
    @Order(16)
    @DisplayName("Rule 11: deleting an execution deletes all of it")
    class Rule11Deletion extends DeletionRules {
        Rule11Deletion() {
            super(underTest);
        }
    }

    @Nested
    @Order(17)
    @DisplayName("Rule 12: many writers at once")
    class Rule12Concurrency extends ConcurrencyRules {
        Rule12Concurrency() {
            super(underTest);
        }
    }

    @Nested
    @Order(18)
    @DisplayName("Rule 12: what collides")
    class Rule12Races extends RaceRules {
        Rule12Races() {
            super(underTest);
        }
    }

    @Nested
    @Order(19)
    @DisplayName("Batches of any size")
    class BatchSizes extends BatchSizeRules {
        BatchSizes() {
            super(underTest);
        }
    }

    @Nested
    @Order(20)
    @DisplayName("Capability: leases")
    class Leases extends LeaseRules {
        Leases() {
            super(underTest);
        }
    }

    @Nested
    @Order(21)
    @DisplayName("Capability: leases, and what becomes of executions without")
    class LeasesAbandonment extends AbandonmentRules {
        LeasesAbandonment() {
            super(underTest);
        }
    }

    @Nested
    @Order(22)
    @DisplayName("Capability: leases, and what collides")
    class LeasesRaces extends LeaseRaceRules {
        LeasesRaces() {
            super(underTest);
        }
    }

    @Nested
    @Order(23)
    @DisplayName("Random sequences read the same as in memory")
    class RandomSequences extends RandomSequenceRules {
        RandomSequences() {
            super(underTest);
        }
    }
}
