package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Java that a README shows is Java that is compiled and run: between two marks in a source file, word for word. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern JAVA_BLOCK =
            Pattern.compile("^```java\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern MARKED =
            Pattern.compile("^ *// README: (?!end)[a-z]+\n(.*?)^ *// README: end", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)");

    @Test
    void every_java_block_is_code_that_is_compiled() {
        Set<String> compiled = new HashSet<>();
        for (Path source : files(".java")) {
            Matcher marked = MARKED.matcher(read(source));
            while (marked.find()) {
                compiled.add(marked.group(1).stripTrailing().stripIndent());
            }
        }
        int blocks = 0;
        for (Path readme : readmes()) {
            Matcher block = JAVA_BLOCK.matcher(read(readme));
            while (block.find()) {
                blocks++;
                assertThat(compiled)
                        .as("code in " + readme)
                        .contains(block.group(1).strip());
            }
        }
        assertThat(blocks).isGreaterThanOrEqualTo(5);
    }

    @Test
    void every_link_to_a_file_leads_to_one() {
        for (Path readme : readmes()) {
            Matcher link = LINK.matcher(read(readme));
            while (link.find()) {
                assertThat(readme.resolveSibling(link.group(1)))
                        .as("link in " + readme)
                        .exists();
            }
        }
    }

    private static List<Path> readmes() {
        return files(".md");
    }

    private static List<Path> files(String suffix) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> !file.toString().contains("target"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
