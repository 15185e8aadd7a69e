package io.github.workflowhistory.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workflowhistory.jdbc.SchemaFinding.Kind;
import org.junit.jupiter.api.Test;

/** What somebody reads who prints findings. */
class SchemaFindingTest {
    private static String shown(String mend) {
        return new SchemaFinding(Kind.POLICY_ALTERED, "public.execution_logs.mine", "it is wrong", mend).toString();
    }

    @Test
    void a_script_is_named_instead_of_shown() {
        assertThat(shown(WorkflowSchema.script("We ird")))
                .isEqualTo("POLICY_ALTERED public.execution_logs.mine: it is wrong. Mend: run Part 2 of"
                        + " database/workflow-execution-schema.sql, which keeps all rows, or WorkflowSchema.install()");
    }

    /** Half of it would drop a policy and make none. */
    @Test
    void a_mend_of_two_statements_is_shown_whole() {
        assertThat(shown("drop policy mine on execution_logs;\ncreate policy mine on execution_logs using (false);"))
                .endsWith(
                        ". Mend: drop policy mine on execution_logs; create policy mine on execution_logs using (false);");
    }

    @Test
    void a_comment_comes_after_the_statements_so_that_the_line_can_be_run() {
        assertThat(shown("-- First stop the writers.\nalter table execution_logs alter id drop not null;"))
                .endsWith(". Mend: alter table execution_logs alter id drop not null; -- First stop the writers.");
        assertThat(shown("-- Update the library.")).endsWith(". Mend: -- Update the library.");
    }

    @Test
    void a_long_statement_is_told_by_its_first_line() {
        String function = SchemaScripts.createFunction(SchemaName.PUBLIC);

        assertThat(shown(function))
                .hasLineCount(1)
                .endsWith(". Mend: run mend(), " + function.lines().count()
                        + " lines that start with: create or replace function"
                        + " \"public\".workflow_executions_complete()");
    }
}
