package io.github.workflowhistory.examples.benchmarks.report;

import java.util.Arrays;
import java.util.List;

/** What is computed from measurements that were taken round by round. */
public final class Figures {
    private Figures() {}

    /** The value in the middle; of an even number of values, the mean of the two in the middle. */
    public static double median(List<Double> values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The median of the ratios within each round. Neighbours in time met the same machine, so these vary much less than
     * the ratio of two medians does.
     */
    public static double medianRatio(List<Double> values, List<Double> baseline) {
        if (values.size() != baseline.size()) {
            throw new IllegalArgumentException(
                    "rounds differ: " + values.size() + " values, " + baseline.size() + " of the baseline");
        }
        Double[] ratios = new Double[values.size()];
        Arrays.setAll(ratios, round -> values.get(round) / baseline.get(round));
        return median(List.of(ratios));
    }

    /** The smallest value that at least a share of all values, such as 0.99, does not exceed. */
    public static double percentile(List<Double> values, double share) {
        double[] sorted = sorted(values);
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    private static double[] sorted(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
