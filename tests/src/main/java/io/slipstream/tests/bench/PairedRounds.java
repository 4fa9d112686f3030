package io.slipstream.tests.bench;

import java.util.Arrays;

/**
 * Times two ways of doing the same in turn, A B B A …, so that the machine's drift hits both alike. The ratio is the median
 * of the pairs' ratios.
 */
final class PairedRounds {
    private final int warmUps;
    private final int rounds;

    /** One way of doing it; gives nanoseconds for an operation. */
    @FunctionalInterface
    interface Round {
        double run() throws Exception;
    }

    /**
     * What came out.
     *
     * @param ours median ns an operation.
     * @param peer median ns an operation.
     * @param ratio median of ours / peer, pair by pair.
     */
    record Result(double ours, double peer, double ratio) {}

    PairedRounds(int warmUps, int rounds) {
        this.warmUps = warmUps;
        this.rounds = rounds;
    }

    Result run(Round ours, Round peer) throws Exception {
        final double[] a = new double[rounds];
        final double[] b = new double[rounds];
        final double[] ratios = new double[rounds];
        for (int i = -warmUps; i < rounds; i++) {
            final boolean oursFirst = (i & 1) == 0;
            final double first = oursFirst ? ours.run() : peer.run();
            final double second = oursFirst ? peer.run() : ours.run();
            if (i >= 0) {
                a[i] = oursFirst ? first : second;
                b[i] = oursFirst ? second : first;
                ratios[i] = a[i] / b[i];
            }
        }
        return new Result(median(a), median(b), median(ratios));
    }

    static double median(double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
