package io.github.workflowhistory.examples.quickstart;

import java.io.IOException;
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
                    .thenCompose(Git::answer);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<String> answer(Process git) {
        try {
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.exitValue() == 0
                    ? CompletableFuture.completedFuture(text)
                    : CompletableFuture.failedFuture(new IOException("git says: " + text));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
