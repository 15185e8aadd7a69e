package io.github.workflowhistory.examples.benchmarks.load;

import io.github.workflowhistory.pipeline.Durability;
import io.github.workflowhistory.pipeline.PipelineSettings;
import java.util.List;

/** Who takes part: each beside its limit, so that the same state of the machine meets both. */
final class Field {
    static final String IDEMPOTENT = "unnest … on conflict do nothing, 5,000 a transaction";
    static final String COPY_BINARY = "COPY binary, 5,000 a transaction";
    private static final String COPY_BINARY_TWICE = COPY_BINARY + ", 2 connections";

    private static final int TRANSACTION = 5_000;
    /** For those that commit a thousand times as often. */
    private static final double FEW = 0.05;
    /** For the one that also asks the database before each of these commits. */
    private static final double FEWEST = 0.02;

    private Field() {}

    /** The name of the limit over that many connections. */
    static String limit(int connections) {
        return connections == 1 ? COPY_BINARY : COPY_BINARY_TWICE;
    }

    static List<Competitor> of(DurableServer server, Workload workload) {
        PipelineSettings defaults = PipelineSettings.defaults();
        PipelineSettings twoWriters = PipelineSettings.builder().writers(2).build();
        return List.of(
                HandWritten.named("one INSERT a commit", workload, server::connect)
                        .share(FEW)
                        .writing(InsertStatements::rowByRow),
                HandWritten.named("one transaction an execution", workload, server::connect)
                        .share(FEW)
                        .writing(InsertStatements::oneTransaction),
                HandWritten.named("JDBC batches of 1,000", workload, server::connect)
                        .rowsOfTransaction(1_000)
                        .writing(InsertStatements::batch),
                HandWritten.named(
                                "JDBC batches of 1,000, rewritten by the driver",
                                workload,
                                () -> server.connect("reWriteBatchedInserts=true"))
                        .rowsOfTransaction(1_000)
                        .writing(InsertStatements::batch),
                HandWritten.named(IDEMPOTENT, workload, server::connect)
                        .rowsOfTransaction(TRANSACTION)
                        .writing(IdempotentInsert::write),
                HandWritten.named("COPY text, 5,000 a transaction", workload, server::connect)
                        .rowsOfTransaction(TRANSACTION)
                        .writing(CopyText::write),
                HandWritten.named(COPY_BINARY, workload, server::connect)
                        .rowsOfTransaction(TRANSACTION)
                        .writing(CopyBinary::write),
                new StoreBatches(server, workload),
                Library.buffered("library, buffered", server, workload, defaults)
                        .goal(0.9),
                Library.buffered("library, buffered, where COPY is not allowed", server, workload, defaults)
                        .as(DurableServer.WITHOUT_COPY)
                        .goal(0.7),
                HandWritten.named(COPY_BINARY_TWICE, workload, server::connect)
                        .connections(2)
                        .rowsOfTransaction(TRANSACTION)
                        .writing(CopyBinary::write),
                Library.buffered("library, buffered, 2 writers", server, workload, twoWriters)
                        .goal(0.9),
                Library.buffered(
                                "library, buffered, 2 writers, where COPY is not allowed", server, workload, twoWriters)
                        .as(DurableServer.WITHOUT_COPY)
                        .goal(0.7),
                Library.synchronous("library, synchronous, 1 thread", server, workload)
                        .share(FEWEST),
                Library.buffered(
                                "library, durable when the call returns (SYNC), 16 threads",
                                server,
                                workload,
                                PipelineSettings.builder()
                                        .durability(Durability.SYNC)
                                        .build())
                        .hosts(16)
                        .share(FEW));
    }
}
