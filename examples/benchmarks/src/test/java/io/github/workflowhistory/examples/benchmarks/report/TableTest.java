package io.github.workflowhistory.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Locale locale = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(locale);
    }

    @Test
    void is_markdown_whose_columns_stand_below_each_other() {
        Table table =
                new Table("way", "events/s").row("COPY", Table.count(59_999.6)).row("one by one", Table.count(2_800));

        assertThat(table).hasToString("""
                        | way        | events/s |
                        |------------|---------:|
                        | COPY       |   60,000 |
                        | one by one |    2,800 |
                        """);
    }

    @Test
    void numbers_look_the_same_in_every_locale() {
        Locale.setDefault(Locale.GERMANY);

        assertThat(Table.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Table.decimal(1_234.567, 2)).isEqualTo("1,234.57");
    }

    @Test
    void refuses_a_row_that_does_not_fit_the_headings() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table("a", "b").row("1"));
    }
}
