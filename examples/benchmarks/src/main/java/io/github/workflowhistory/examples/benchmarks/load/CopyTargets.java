package io.github.workflowhistory.examples.benchmarks.load;

/** The columns that both formats of COPY write, in the order of their fields. */
final class CopyTargets {
    static final String EXECUTIONS = """
            public.workflow_executions
              (id, workflow_id, user_id, status, started_at, completed_at, duration_ms, created_at, recorder_id)""";

    static final String RESULTS = """
            public.node_execution_results
              (id, execution_id, node_id, node_name, status, output_data, duration_ms, started_at, attempt, created_at)""";

    static final String LOGS = """
            public.execution_logs
              (id, execution_id, node_result_id, node_run_id, level, message, data, "timestamp")""";

    private CopyTargets() {}
}
