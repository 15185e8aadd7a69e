package io.github.workflowhistory.examples.benchmarks.load;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the command line of {@link EndUserBenchmark} asks for.
 *
 * @param executions that are stored
 * @param rounds that count
 * @param help whether to explain these options and do nothing else
 */
record EndUserOptions(int executions, int rounds, boolean help) {
    static final String USAGE = """
            EndUserBenchmark [OPTIONS]

            Starts a durable PostgreSQL, fills it, and measures what it costs to read and write as an end user
            under row level security, beside the owner of the tables. Takes about a minute.

              --quick         few executions and three rounds, for CI
              --executions N  executions that are stored, a tenth of them the user's (default: 200,000; quick: 2,000)
              --rounds N      rounds that count, after one that warms up (default: 11; quick: 3)
              --help          show this
            """;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException when it makes no sense; the message says what to change
     */
    static EndUserOptions parse(String... arguments) {
        boolean quick = List.of(arguments).contains("--quick");
        EndUserOptions options = quick ? new EndUserOptions(2_000, 3, false) : new EndUserOptions(200_000, 11, false);
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            options = switch (argument) {
                case "--quick" -> options;
                case "--executions" ->
                    new EndUserOptions(
                            Options.number(argument, rest, StoredHistory.LEAST_EXECUTIONS),
                            options.rounds,
                            options.help);
                case "--rounds" ->
                    new EndUserOptions(options.executions, Options.number(argument, rest, 1), options.help);
                case "--help", "-h" -> new EndUserOptions(options.executions, options.rounds, true);
                default -> throw new IllegalArgumentException("unknown option " + argument);
            };
        }
        return options;
    }
}
