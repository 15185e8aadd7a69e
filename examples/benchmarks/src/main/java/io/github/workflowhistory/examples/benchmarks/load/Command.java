package io.github.workflowhistory.examples.benchmarks.load;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A benchmark as a command: where its report and its progress go, and with which exit code it ends.
 *
 * @param out for the report
 * @param err for the progress, and for what went wrong
 */
record Command(PrintStream out, PrintStream err) {
    /** What is done with the options. */
    interface Work<O> {
        void run(O options) throws Exception;
    }

    /** On the streams of the process. */
    static Command ofProcess() {
        return new Command(utf8(System.out), utf8(System.err));
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /**
     * Reads the options and does the work, or explains the options.
     *
     * @param options reads them; an IllegalArgumentException says what to change
     * @return 0; 1 when the run is void or fails; 2 when the options make no sense
     */
    <O> int run(Supplier<O> options, Predicate<O> wantsHelp, String usage, Work<O> work) {
        O read;
        try {
            read = options.get();
        } catch (IllegalArgumentException e) {
            err.println("benchmark: " + e.getMessage() + " (--help shows the options)");
            return 2;
        }
        if (wantsHelp.test(read)) {
            out.print(usage);
            return 0;
        }
        try {
            work.run(read);
            return 0;
        } catch (VoidRunException e) {
            out.println("VOID: " + e.getMessage());
            return 1;
        } catch (Exception e) {
            err.println("benchmark: " + e);
            return 1;
        }
    }
}
