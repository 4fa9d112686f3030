package io.slipstream.telemetry.simulator;

/**
 * An engine's torque over its speed: what it gives at full throttle, and what it takes on the overrun. Values between the
 * given points follow a monotone cubic, so that the curve has no kinks and no peaks of its own.
 *
 * <p>Immutable, so safe for any thread.
 */
final class TorqueCurve {
    private static final double RPM_PER_CELL = 10;

    private final double[] torque;

    /**
     * @param rpm ascending
     * @param newtonMetres at full throttle, one for each rpm
     */
    TorqueCurve(final double[] rpm, final double[] newtonMetres) {
        final int last = rpm.length - 1;
        final double[] tangent = tangents(rpm, newtonMetres);
        torque = new double[(int) Math.ceil(rpm[last] / RPM_PER_CELL) + 2];
        int segment = 0;
        for (int i = 0; i < torque.length; i++) {
            final double at = Math.min(Math.max(i * RPM_PER_CELL, rpm[0]), rpm[last]);
            while (segment < last - 1 && at > rpm[segment + 1]) {
                segment++;
            }
            final double width = rpm[segment + 1] - rpm[segment];
            final double t = (at - rpm[segment]) / width;
            final double u = 1 - t;
            torque[i] = u * u * (1 + 2 * t) * newtonMetres[segment]
                    + t * u * u * width * tangent[segment]
                    + t * t * (3 - 2 * t) * newtonMetres[segment + 1]
                    - t * t * u * width * tangent[segment + 1];
        }
    }

    /** A racing V8 of 5 litres: 495 N.m at 5,400 rpm, 350 kW near 7,300 rpm. */
    static TorqueCurve naturallyAspirated() {
        return new TorqueCurve(
                new double[] {500, 1_500, 2_500, 3_500, 4_500, 5_400, 6_200, 7_000, 7_500, 8_000, 8_600},
                new double[] {210, 305, 378, 432, 474, 495, 488, 468, 444, 404, 330});
    }

    /** Fritsch and Carlson's limit on the slopes: no overshoot between points (SIAM J. Numer. Anal. 17, 1980). */
    private static double[] tangents(final double[] at, final double[] values) {
        final int count = at.length;
        final double[] tangent = new double[count];
        for (int i = 1; i < count - 1; i++) {
            final double before = (values[i] - values[i - 1]) / (at[i] - at[i - 1]);
            final double after = (values[i + 1] - values[i]) / (at[i + 1] - at[i]);
            tangent[i] = before * after <= 0 ? 0 : 2 * before * after / (before + after);
        }
        tangent[0] = (values[1] - values[0]) / (at[1] - at[0]);
        tangent[count - 1] = (values[count - 1] - values[count - 2]) / (at[count - 1] - at[count - 2]);
        return tangent;
    }

    /** Torque at full throttle, N.m. */
    double full(final double rpm) {
        final double index = Math.min(Math.max(rpm / RPM_PER_CELL, 0), torque.length - 1.001);
        final int low = (int) index;
        return torque[low] + (index - low) * (torque[low + 1] - torque[low]);
    }

    /** Torque with a closed throttle, N.m, negative: friction and pumping grow with speed. */
    double overrun(final double rpm) {
        return -(12 + 0.0065 * rpm);
    }
}
