package io.github.workflowhistory.examples.customstore;

import io.github.workflowhistory.ExecutionDetails;
import io.github.workflowhistory.ExecutionLog;
import io.github.workflowhistory.ExecutionSummary;
import io.github.workflowhistory.Ids;
import io.github.workflowhistory.WorkflowExecution;
import io.github.workflowhistory.query.ExecutionQuery;
import io.github.workflowhistory.query.LogQuery;
import io.github.workflowhistory.store.ExecutionStore;
import io.github.workflowhistory.store.HistoryBatch;
import io.github.workflowhistory.store.HistoryStoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Keeps history in one file of JSON Lines, for a tool that runs on one machine and wants no database. Every batch is a
 * line, on the disk before {@code record} returns; everything is held in memory as well, where it is read. One process
 * at a time may have the file open.
 */
public final class JsonLinesStore implements ExecutionStore, AutoCloseable {
    private final Path path;
    private final HistoryIndex index = new HistoryIndex();
    private final Journal journal;

    private JsonLinesStore(Path path) throws IOException {
        this.path = path;
        this.journal = Journal.open(path, line -> {
            if (line.deleted() != null) {
                index.delete(line.deleted());
            } else {
                index.apply(line.batch());
            }
        });
    }

    /** Opens a file, or creates it when it is not there. */
    public static JsonLinesStore open(Path path) {
        try {
            return new JsonLinesStore(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the history file " + path + ": " + e.getMessage(), e);
        }
    }

    // Rule 12, safe to call from many threads: one at a time.
    @Override
    public synchronized void record(HistoryBatch batch) {
        if (batch.isEmpty()) {
            return;
        }
        // README: record
        index.check(batch); // refuse what the rules refuse, before anything is written
        append(Line.of(batch)); // one batch is one line: there whole or not at all
        index.apply(batch); // now readers see it
        // README: end
    }

    @Override
    public synchronized boolean deleteExecution(String executionId) {
        if (!index.contains(requireValid(executionId))) {
            return false;
        }
        append(Line.ofDeletion(executionId));
        return index.delete(executionId);
    }

    @Override
    public synchronized Optional<WorkflowExecution> findExecution(String executionId) {
        return index.find(requireValid(executionId));
    }

    @Override
    public synchronized Optional<ExecutionDetails> findDetails(String executionId) {
        return index.details(requireValid(executionId));
    }

    @Override
    public synchronized List<ExecutionSummary> listExecutions(ExecutionQuery query) {
        return index.list(query);
    }

    @Override
    public synchronized List<ExecutionLog> listLogs(LogQuery query) {
        return index.list(query);
    }

    @Override
    public synchronized void close() {
        try {
            journal.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the history file " + path + ": " + e.getMessage(), e);
        }
    }

    private void append(Line line) {
        try {
            journal.append(line);
        } catch (IOException e) {
            throw new HistoryStoreException(
                    HistoryStoreException.Kind.RESOURCES,
                    "cannot write to the history file " + path + ": " + e.getMessage(),
                    e);
        }
    }

    private static String requireValid(String executionId) {
        return Ids.requireValid("execution id", executionId);
    }
}
