package io.github.workflowhistory.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Asks git, in a process of its own. */
final class Git {
    private Git() {}

    /**
     * The last tag of the branch that is checked out.
     *
     * @return a future that fails when there is no tag, no repository or no git
     */
    static CompletableFuture<String> lastTag(Path folder) {
        try {
            return new ProcessBuilder("git", "describe", "--tags", "--abbrev=0")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start()
                    .onExit()
                    .thenApply(Git::answer);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String answer(Process git) {
        try {
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (git.exitValue() != 0) {
                throw new IllegalStateException("git says: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
