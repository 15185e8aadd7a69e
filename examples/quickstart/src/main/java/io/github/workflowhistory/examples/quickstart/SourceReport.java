package io.github.workflowhistory.examples.quickstart;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.github.workflowhistory.ExecutionRun;
import io.github.workflowhistory.Json;
import io.github.workflowhistory.NodeRun;
import io.github.workflowhistory.examples.quickstart.SourceTree.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The workflow of this example: a report on a source tree. It is ordinary code; each step that should appear in the
 * history is a node of the {@link ExecutionRun}.
 */
final class SourceReport {
    private static final int LARGEST = 5;

    private final Path folder;
    private final @Nullable Path output;

    /**
     * Prepares the report.
     *
     * @param folder the source tree
     * @param output the file to save the report to, or null to save none
     */
    SourceReport(Path folder, @Nullable Path output) {
        this.folder = folder;
        this.output = output;
    }

    /** What the report says. As the result of the workflow it becomes the execution's final output, as JSON. */
    record Report(int files, List<LanguageCount> languages, List<SourceFile> largest, String release) {}

    record LanguageCount(String language, int files, long lines) {}

    Report write(ExecutionRun run) throws IOException, InterruptedException {
        run.info("reporting on " + folder);
        CompletableFuture<String> release = findRelease(run);
        List<SourceFile> files = scan(run);
        List<LanguageCount> languages = countLines(run, files);
        List<SourceFile> largest = findLargest(run, files);
        // A failed node fails nothing else by itself: the workflow decides what it means, here "no release".
        String version = release.exceptionally(noRelease -> "none").join();
        Report report = new Report(files.size(), languages, largest, version);
        save(run, report);
        return report;
    }

    /** Hand-over form: git works in a process of its own, and the future ends the node whenever that is done. */
    private CompletableFuture<String> findRelease(ExecutionRun run) {
        NodeRun node = run.begin("release", "Find the last release");
        return Git.lastTag(folder).whenComplete(node::end);
    }

    /** Lambda form: what is returned is the output, what is thrown is the error. */
    private List<SourceFile> scan(ExecutionRun run) throws IOException {
        return run.call("scan", "Scan the tree", node -> {
            SourceTree tree = SourceTree.scan(folder);
            tree.unreadable().forEach((path, reason) -> node.warn("cannot read " + path, Map.of("reason", reason)));
            node.info(
                    "found " + tree.files().size() + " text files",
                    Map.of(
                            "binary",
                            tree.binary(),
                            "unreadable",
                            tree.unreadable().size()));
            // The list is too long to keep: the node ends here, with a summary of it as its output.
            node.success(Map.of("files", tree.files().size(), "bytes", tree.bytes()));
            return tree.files();
        });
    }

    /** Fan-out: one run of the node "count" per language, in parallel. */
    private List<LanguageCount> countLines(ExecutionRun run, List<SourceFile> files) throws InterruptedException {
        Map<String, List<SourceFile>> byLanguage =
                files.stream().collect(groupingBy(SourceFile::language, TreeMap::new, toList()));
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<LanguageCount>> counting = new ArrayList<>();
            byLanguage.forEach((language, group) -> counting.add(
                    pool.submit(() -> run.call("count", "Count " + language, node -> count(node, language, group)))));
            return completed(counting);
        } finally {
            pool.shutdownNow();
        }
    }

    private LanguageCount count(NodeRun node, String language, List<SourceFile> files) throws IOException {
        long lines = 0;
        for (SourceFile file : files) {
            lines += SourceTree.countLines(folder.resolve(file.path()));
        }
        node.debug("counted " + lines + " lines in " + files.size() + " files");
        return new LanguageCount(language, files.size(), lines);
    }

    private static List<LanguageCount> completed(List<Future<LanguageCount>> counting) throws InterruptedException {
        List<LanguageCount> counts = new ArrayList<>();
        for (Future<LanguageCount> count : counting) {
            try {
                counts.add(count.get());
            } catch (ExecutionException e) {
                // The history has the error already. The report goes without this language.
            }
        }
        counts.sort(comparingLong(LanguageCount::lines).reversed());
        return counts;
    }

    private static List<SourceFile> findLargest(ExecutionRun run, List<SourceFile> files) {
        return run.call("largest", "Find the largest files", node -> {
            List<SourceFile> largest = files.stream()
                    .sorted(comparingLong(SourceFile::bytes).reversed())
                    .limit(LARGEST)
                    .toList();
            largest.stream()
                    .findFirst()
                    .ifPresent(file -> node.info("largest: " + file.path(), Map.of("bytes", file.bytes())));
            return largest;
        });
    }

    private void save(ExecutionRun run, Report report) throws IOException {
        if (output == null) {
            run.skip("save", "Save the report", "no file to save it to (--output)");
            return;
        }
        run.run("save", "Save the report", node -> {
            Files.writeString(output, Json.of(report).text());
            node.info("saved to " + output);
        });
    }
}
