package io.github.workflowhistory.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoreExceptionsTest {
    @Test
    void an_unknown_execution_is_named_with_the_mend() {
        UnknownExecutionException one = new UnknownExecutionException(List.of("e1"));
        UnknownExecutionException two = new UnknownExecutionException(List.of("e1", "e2"));

        assertThat(one)
                .hasMessageStartingWith("execution 'e1' does not exist")
                .hasMessageContaining("record the execution first");
        assertThat(two).hasMessageStartingWith("executions 'e1', 'e2' do not exist");
        assertThat(two.executionIds()).containsExactly("e1", "e2");
        assertThat(two.kind()).isEqualTo(HistoryStoreException.Kind.DATA);
        assertThat(two.isInDoubt()).isFalse();
    }

    @Test
    void a_conflict_names_what_and_where() {
        IdConflictException conflict = new IdConflictException(IdConflictException.IdKind.NODE_RESULT, List.of("n1"));

        assertThat(conflict).hasMessageContaining("'n1' (node result) exists already in another execution");
        assertThat(conflict.ids()).containsExactly("n1");
        assertThat(conflict.idKind()).isEqualTo(IdConflictException.IdKind.NODE_RESULT);
    }

    @Test
    void a_message_stays_short_however_many_ids_there_are() {
        List<String> ids =
                IntStream.range(0, 10_000).mapToObj(i -> "x".repeat(500) + i).toList();

        assertThat(new UnknownExecutionException(ids).getMessage())
                .contains("and 9995 more")
                .hasSizeLessThan(700);
        assertThat(new IdConflictException(IdConflictException.IdKind.LOG, ids).getMessage())
                .contains("and 9995 more")
                .hasSizeLessThan(700);
    }

    @Test
    void an_exception_about_ids_names_at_least_one() {
        assertThatThrownBy(() -> new UnknownExecutionException(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IdConflictException(IdConflictException.IdKind.LOG, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doubt_is_said() {
        Exception cause = new Exception("connection reset");
        HistoryStoreException e = new HistoryStoreException(HistoryStoreException.Kind.CONNECTION, "lost", cause, true);

        assertThat(e.isInDoubt()).isTrue();
        assertThat(e).hasCause(cause);
    }
}
