package io.github.workflowhistory.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void without_arguments_it_reports_on_the_current_folder() {
        Options options = Options.parse();

        assertThat(options.folder()).isEqualTo(Path.of("").toAbsolutePath());
        assertThat(options.jdbcUrl()).isNull();
        assertThat(options.help()).isFalse();
    }

    @Test
    void takes_a_folder_and_options_in_any_order(@TempDir Path folder) {
        String url = "jdbc:postgresql://localhost/app?user=me";
        String user = "11111111-1111-4111-8111-111111111111";

        Options options = Options.parse("--jdbc-url", url, folder.toString(), "--user", user);

        assertThat(options.folder()).isEqualTo(folder);
        assertThat(options.jdbcUrl()).isEqualTo(url);
        assertThat(options.user()).hasToString(user);
    }

    @ParameterizedTest
    @CsvSource({
        "--colour,unknown option --colour",
        "no/such/folder,no/such/folder is not a folder",
        "'--jdbc-url',--jdbc-url needs a value",
        "'--jdbc-url --help',--jdbc-url needs a value",
        "'--jdbc-url postgres://localhost/app',--jdbc-url must begin with jdbc:postgresql:",
        "'--user 11111111-1111-4111-8111-111111111111',--user needs --jdbc-url",
        "'--jdbc-url jdbc:postgresql:app --user me','--user must be a UUID, not me'",
        "'. .',one folder at a time",
    })
    void refuses_what_makes_no_sense(String arguments, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(arguments.split(" ")))
                .withMessageStartingWith(message);
    }
}
