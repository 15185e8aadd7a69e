package io.github.workflowhistory.examples.traces;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files that the command line names. */
final class TraceFiles {
    private TraceFiles() {}

    /**
     * A file as it is, or the JSON files in a folder and the folders in it, by name.
     *
     * @throws TraceException when there is nothing of this name, or no JSON file in it
     */
    static List<Path> of(Path path) throws TraceException {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        if (!Files.isDirectory(path)) {
            throw new TraceException(Files.exists(path) ? "is neither a file nor a folder" : "does not exist");
        }
        try (Stream<Path> found = Files.walk(path)) {
            List<Path> files = found.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new TraceException("has no .json file in it");
            }
            return files;
        } catch (IOException | UncheckedIOException e) {
            throw new TraceException("cannot be read: " + e.getMessage());
        }
    }
}
