package io.github.workflowhistory.testkit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A test class run by JUnit from within a test, and what came of it by the names of the methods. */
final class SuiteRun implements TestExecutionListener {
    private final Map<String, Throwable> failures = new TreeMap<>();
    private final Map<String, String> skipped = new TreeMap<>();
    private int succeeded;
    private int failed;

    static SuiteRun of(DiscoverySelector... selectors) {
        SuiteRun run = new SuiteRun();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(List.of(selectors))
                .build();
        LauncherFactory.create().execute(request, run);
        return run;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> succeeded += test.isTest() ? 1 : 0;
            case FAILED -> {
                failed++;
                failures.putIfAbsent(name(test), result.getThrowable().orElseThrow());
            }
            case ABORTED ->
                skipped.put(name(test), result.getThrowable().orElseThrow().getMessage());
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skipped.put(name(test), reason);
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName())
                .orElse(test.getDisplayName());
    }

    /** What failed and why, by the names of the methods; the first of several invocations of the same method. */
    Map<String, Throwable> failures() {
        return failures;
    }

    /** What was skipped and why, by the names of the methods. */
    Map<String, String> skipped() {
        return skipped;
    }

    /** How many tests and containers of tests failed, each invocation counted. */
    int failed() {
        return failed;
    }

    int succeeded() {
        return succeeded;
    }
}
