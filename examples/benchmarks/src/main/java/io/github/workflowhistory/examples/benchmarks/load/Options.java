package io.github.workflowhistory.examples.benchmarks.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param executions of a run
 * @param longestWarmUp after how many runs one counts as warm, even if it is not
 * @param rounds that count
 * @param sweeps whether to go through batch sizes and lingers too
 * @param only parts of names of those who take part besides the limits, or none for all
 * @param help whether to explain these options and do nothing else
 */
record Options(int executions, int longestWarmUp, int rounds, boolean sweeps, List<String> only, boolean help) {
    static final Options FULL = new Options(4_880, 20, 9, true, List.of(), false);
    static final Options QUICK = new Options(610, 1, 3, false, List.of(), false);

    static final String USAGE = """
            LoadBenchmark [OPTIONS]

            Starts a durable PostgreSQL and measures how many events a second become durable in it: through the
            library, and by hand. Takes about a quarter of an hour.

              --quick         small runs, one to warm up, three rounds and no sweeps: half a minute, for CI
              --executions N  executions of a run, of 42 events each (default: 4,880; quick: 610)
              --rounds N      rounds that count, when all are warm (default: 9; quick: 3)
              --only TEXT     only those whose name contains this text, and the limits; may be repeated
              --no-sweeps     neither batch sizes nor lingers
              --help          show this
            """;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException when it makes no sense; the message says what to change
     */
    static Options parse(String... arguments) {
        Options options = List.of(arguments).contains("--quick") ? QUICK : FULL;
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            options = switch (argument) {
                case "--quick" -> options;
                case "--executions" -> options.withExecutions(number(argument, rest, 1));
                case "--rounds" -> options.withRounds(number(argument, rest, 1));
                case "--only" -> options.withOnly(value(argument, rest));
                case "--no-sweeps" -> options.withoutSweeps();
                case "--help", "-h" -> options.withHelp();
                default -> throw new IllegalArgumentException("unknown option " + argument);
            };
        }
        return options;
    }

    private Options withExecutions(int number) {
        return new Options(number, longestWarmUp, rounds, sweeps, only, help);
    }

    private Options withRounds(int number) {
        return new Options(executions, longestWarmUp, number, sweeps, only, help);
    }

    private Options withOnly(String text) {
        List<String> more = new ArrayList<>(only);
        more.add(text);
        return new Options(executions, longestWarmUp, rounds, sweeps, List.copyOf(more), help);
    }

    private Options withoutSweeps() {
        return new Options(executions, longestWarmUp, rounds, false, only, help);
    }

    private Options withHelp() {
        return new Options(executions, longestWarmUp, rounds, sweeps, only, true);
    }

    /** Whether a competitor takes part. The limits always do, because the others are compared with them. */
    boolean includes(Competitor competitor) {
        String name = competitor.name();
        return only.isEmpty()
                || name.equals(Field.IDEMPOTENT)
                || name.equals(Field.limit(competitor.connections()))
                || only.stream().anyMatch(name::contains);
    }

    /** The number that follows an option. */
    static int number(String option, Deque<String> rest, int least) {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, in the same words.
        }
        throw new IllegalArgumentException(option + " must be a number from " + least + " on, not " + text);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty() || rest.peek().startsWith("--")) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.pop();
    }
}
