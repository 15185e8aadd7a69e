package io.github.workflowhistory.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.WorkflowHistory;
import io.github.workflowhistory.examples.quickstart.SourceReport.LanguageCount;
import io.github.workflowhistory.examples.quickstart.SourceReport.Report;
import io.github.workflowhistory.examples.quickstart.SourceTree.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceReportTest {
    @TempDir
    Path folder;

    @Test
    void counts_text_files_by_language_and_leaves_out_what_tools_made() throws Exception {
        write("src/A.java", "class A {\n}\n");
        write("src/B.java", "class B {}");
        write("README.md", "# read me\n");
        write("LICENSE", "");
        write("logo.png", "PNG\0\1");
        write("target/Made.java", "class Made {}\n");
        write(".git", "gitdir: nowhere\n");

        // A history that keeps nothing: the workflow does not notice.
        Report report = WorkflowHistory.noop().record("source-report", null, new SourceReport(folder, null)::write);

        assertThat(report.files()).isEqualTo(4);
        assertThat(report.languages())
                .containsExactly(
                        new LanguageCount("Java", 2, 3),
                        new LanguageCount("Markdown", 1, 1),
                        new LanguageCount("other", 1, 0));
        assertThat(report.largest()).first().isEqualTo(new SourceFile("src/A.java", "Java", 12));
        assertThat(report.release()).isEqualTo("none");
    }

    @Test
    void saves_the_report_where_it_is_asked_to() throws Exception {
        write("a.sql", "select 1;\n");
        Path output = folder.resolve("report.json");

        WorkflowHistory.noop().record("source-report", null, new SourceReport(folder, output)::write);

        assertThat(output).content().contains("{\"language\":\"SQL\",\"files\":1,\"lines\":1}");
    }

    private void write(String path, String text) throws Exception {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
