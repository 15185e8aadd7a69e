package io.github.workflowhistory.examples.quickstart;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The text files of a folder, without those that git or Maven made.
 *
 * @param files in the order of their paths
 * @param binary how many files are no text
 * @param unreadable the paths that could not be read, each with the reason
 */
record SourceTree(List<SourceFile> files, int binary, Map<String, String> unreadable) {
    private static final Set<String> GENERATED = Set.of(".git", "target");

    private static final Map<String, String> LANGUAGES = Map.ofEntries(
            Map.entry("c", "C"),
            Map.entry("css", "CSS"),
            Map.entry("go", "Go"),
            Map.entry("h", "C"),
            Map.entry("html", "HTML"),
            Map.entry("java", "Java"),
            Map.entry("js", "JavaScript"),
            Map.entry("json", "JSON"),
            Map.entry("kt", "Kotlin"),
            Map.entry("md", "Markdown"),
            Map.entry("properties", "Properties"),
            Map.entry("py", "Python"),
            Map.entry("rs", "Rust"),
            Map.entry("sh", "Shell"),
            Map.entry("sql", "SQL"),
            Map.entry("ts", "TypeScript"),
            Map.entry("xml", "XML"),
            Map.entry("yaml", "YAML"),
            Map.entry("yml", "YAML"));

    /** A text file; its path is relative to the tree, with slashes on every system. */
    record SourceFile(String path, String language, long bytes) {}

    long bytes() {
        return files.stream().mapToLong(SourceFile::bytes).sum();
    }

    /**
     * Walks a folder. Links are not followed, and a file that cannot be read does not stop the walk.
     *
     * @throws IOException when the folder itself cannot be read
     */
    static SourceTree scan(Path folder) throws IOException {
        Scanner scanner = new Scanner(folder);
        Files.walkFileTree(folder, scanner);
        scanner.files.sort((a, b) -> a.path().compareTo(b.path()));
        return new SourceTree(List.copyOf(scanner.files), scanner.binary, scanner.unreadable);
    }

    /** How many lines a file has; a last line need not end with a line feed. */
    static long countLines(Path file) throws IOException {
        long lines = 0;
        int last = '\n';
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    lines++;
                }
                last = next;
            }
        }
        return last == '\n' ? lines : lines + 1;
    }

    static String language(String fileName) {
        int dot = fileName.lastIndexOf('.');
        String extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot < 0 ? "other" : LANGUAGES.getOrDefault(extension, "other");
    }

    private static final class Scanner extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<SourceFile> files = new ArrayList<>();
        private final Map<String, String> unreadable = new TreeMap<>();
        private int binary;

        Scanner(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isGenerated(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // In a linked work tree of git, ".git" is a file.
            if (attributes.isRegularFile() && !isGenerated(file)) {
                try {
                    add(file, attributes.size());
                } catch (IOException e) {
                    unreadable.put(pathOf(file), String.valueOf(e));
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException reason) throws IOException {
            if (file.equals(root)) {
                throw reason;
            }
            unreadable.put(pathOf(file), reason.toString());
            return FileVisitResult.CONTINUE;
        }

        private void add(Path file, long bytes) throws IOException {
            if (isBinary(file)) {
                binary++;
            } else {
                files.add(
                        new SourceFile(pathOf(file), language(file.getFileName().toString()), bytes));
            }
        }

        private boolean isGenerated(Path path) {
            return !path.equals(root) && GENERATED.contains(path.getFileName().toString());
        }

        private String pathOf(Path file) {
            return root.relativize(file).toString().replace('\\', '/');
        }

        /** As git sees it: a file with a NUL byte near its beginning is no text. */
        private static boolean isBinary(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                for (byte next : in.readNBytes(8_000)) {
                    if (next == 0) {
                        return true;
                    }
                }
                return false;
            }
        }
    }
}
