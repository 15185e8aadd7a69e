package io.github.workflowhistory.examples.quickstart;

import java.io.Console;
import java.util.Map;

/** How wide the terminal is, and whether it takes colours. */
record Terminal(int width, boolean colours) {
    private static final int DEFAULT_WIDTH = 100;
    private static final int SMALLEST_WIDTH = 60;
    private static final int GREATEST_WIDTH = 200;

    /** The terminal that this process writes to. */
    static Terminal detect() {
        return of(System.getenv(), isInteractive());
    }

    static Terminal of(Map<String, String> environment, boolean interactive) {
        // See https://no-color.org: any value but the empty one switches colours off.
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Terminal(width(environment.getOrDefault("COLUMNS", "")), interactive && !plain);
    }

    String green(String text) {
        return coloured("32", text);
    }

    String red(String text) {
        return coloured("31", text);
    }

    String yellow(String text) {
        return coloured("33", text);
    }

    String faint(String text) {
        return coloured("2", text);
    }

    String bold(String text) {
        return coloured("1", text);
    }

    private String coloured(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private static int width(String columns) {
        try {
            return Math.max(SMALLEST_WIDTH, Math.min(GREATEST_WIDTH, Integer.parseInt(columns)));
        } catch (NumberFormatException e) {
            return DEFAULT_WIDTH;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // It is never null since JDK 22, which is why the console is asked then.
    private static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true; // Before JDK 22 there is a console only where there is a terminal.
        }
    }
}
