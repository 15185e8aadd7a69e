package io.github.workflowhistory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

class ErrorTextTest {
    @Test
    void class_message_and_causes_stand_a_line_each() {
        Exception error = new IllegalStateException("outer", new IOException("inner", new NullPointerException()));

        assertThat(ErrorText.of(error)).isEqualTo("""
                        java.lang.IllegalStateException: outer
                        caused by: java.io.IOException: inner
                        caused by: java.lang.NullPointerException""");
    }

    @Test
    void a_cycle_of_causes_ends() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);

        assertThat(ErrorText.of(a)).isEqualTo("java.lang.Exception: a\ncaused by: java.lang.Exception: b");
        assertThat(ErrorText.stackTrace(a)).contains("CIRCULAR REFERENCE");
    }

    @Test
    void a_long_chain_of_causes_ends() {
        Exception error = new Exception("root");
        for (int i = 0; i < 1_000; i++) {
            error = new Exception("level " + i, error);
        }

        assertThat(ErrorText.of(error).lines().count()).isEqualTo(50);
    }

    @Test
    void an_exception_whose_methods_throw_is_named_by_its_class() {
        for (Throwable thrown : new Throwable[] {new IllegalStateException(), new StackOverflowError()}) {
            Explosive error = new Explosive(thrown);

            assertThat(ErrorText.of(error))
                    .isEqualTo(Explosive.class.getName() + " (its message cannot be read: "
                            + thrown.getClass().getName() + ")");
            assertThat(ErrorText.stackTrace(error)).startsWith(Explosive.class.getName());
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable throwable) throws X {
        throw (X) throwable;
    }

    /** An exception of the worst kind. */
    static final class Explosive extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Throwable thrown;

        Explosive(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public String getMessage() {
            ErrorTextTest.<RuntimeException>sneak(thrown);
            return "never";
        }

        @Override
        public synchronized Throwable getCause() {
            ErrorTextTest.<RuntimeException>sneak(thrown);
            return null;
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            ErrorTextTest.<RuntimeException>sneak(thrown);
        }
    }
}
