package io.slipstream.telemetry.simulator;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns a handful of corners into a closed line with the smooth curvature of a real circuit: straights joined by arcs, then
 * low-pass filtered so that curvature grows and falls over several metres as it does where a road is laid out with
 * transition curves, then resampled at an even spacing.
 *
 * <p>Plan coordinates are metres east and north; the game's axes appear only in {@link Track}.
 */
final class TrackBuilder {
    private static final double RAW_SPACING_M = 0.25;

    /**
     * A corner of the control polygon.
     *
     * @param east metres east of an arbitrary origin
     * @param north metres north of the same origin
     * @param radius of the arc that rounds it, metres
     * @param height of the road there, metres
     */
    record Corner(double east, double north, double radius, double height) {}

    /**
     * The finished line: evenly spaced points, the last one spacing short of the first.
     *
     * @param length of the closed line, metres
     * @param east metres, by sample
     * @param north metres, by sample
     * @param height metres, by sample
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never shared
    record Line(double length, double[] east, double[] north, double[] height) {}

    private final List<double[]> raw = new ArrayList<>();

    private TrackBuilder() {}

    /**
     * Build the line.
     *
     * @param corners of the control polygon, in driving order; the line starts half-way between the last and the first
     * @param transition length over which curvature is smoothed, metres
     * @return the line, starting where {@code corners} says
     */
    static Line build(final List<Corner> corners, final double transition) {
        final TrackBuilder builder = new TrackBuilder();
        final int count = corners.size();
        for (int i = 0; i < count; i++) {
            builder.corner(corners.get((i + count - 1) % count), corners.get(i), corners.get((i + 1) % count));
        }
        return builder.finish(transition);
    }

    private void corner(final Corner before, final Corner at, final Corner after) {
        final double inEast = at.east - before.east;
        final double inNorth = at.north - before.north;
        final double inLength = Math.sqrt(inEast * inEast + inNorth * inNorth);
        final double outEast = after.east - at.east;
        final double outNorth = after.north - at.north;
        final double outLength = Math.sqrt(outEast * outEast + outNorth * outNorth);
        final double turn =
                StrictMath.atan2(inEast * outNorth - inNorth * outEast, inEast * outEast + inNorth * outNorth);
        final double tangent = at.radius * StrictMath.tan(Math.abs(turn) / 2);
        if (tangent > inLength / 2 + 1e-6 || tangent > outLength / 2 + 1e-6) {
            throw new IllegalArgumentException("corner at (" + at.east + ", " + at.north + ") needs " + tangent
                    + " m of both neighbouring legs, but half of them is " + inLength / 2 + " m and " + outLength / 2
                    + " m: lower its radius or move it");
        }
        final double heading = StrictMath.atan2(inNorth, inEast);
        final double startEast = at.east - tangent * inEast / inLength;
        final double startNorth = at.north - tangent * inNorth / inLength;
        final double midHeight = (before.height + at.height) / 2;
        straight(at.east - inEast / 2, at.north - inNorth / 2, midHeight, startEast, startNorth, at.height);

        final double side = Math.signum(turn);
        final double centreEast = startEast - side * at.radius * StrictMath.sin(heading);
        final double centreNorth = startNorth + side * at.radius * StrictMath.cos(heading);
        final int steps = Math.max(1, (int) (at.radius * Math.abs(turn) / RAW_SPACING_M));
        for (int i = 0; i < steps; i++) {
            final double angle = heading + turn * i / steps;
            raw.add(new double[] {
                centreEast + side * at.radius * StrictMath.sin(angle),
                centreNorth - side * at.radius * StrictMath.cos(angle),
                at.height
            });
        }
        straight(
                at.east + tangent * outEast / outLength,
                at.north + tangent * outNorth / outLength,
                at.height,
                at.east + outEast / 2,
                at.north + outNorth / 2,
                (at.height + after.height) / 2);
    }

    private void straight(
            final double east0,
            final double north0,
            final double height0,
            final double east1,
            final double north1,
            final double height1) {
        final double length = distance(east1 - east0, north1 - north0, 0);
        final int steps = (int) (length / RAW_SPACING_M);
        for (int i = 0; i < steps; i++) {
            final double t = (double) i / steps;
            raw.add(new double[] {
                east0 + t * (east1 - east0), north0 + t * (north1 - north0), height0 + t * (height1 - height0)
            });
        }
    }

    private Line finish(final double transition) {
        final int count = raw.size();
        double[] east = new double[count];
        double[] north = new double[count];
        double[] height = new double[count];
        for (int i = 0; i < count; i++) {
            east[i] = raw.get(i)[0];
            north[i] = raw.get(i)[1];
            height[i] = raw.get(i)[2];
        }
        final int half = Math.max(1, (int) (transition / 2 / RAW_SPACING_M));
        // Three box filters in a row are close to a Gaussian: position, heading and curvature all come out smooth.
        for (int pass = 0; pass < 3; pass++) {
            east = boxFilter(east, half);
            north = boxFilter(north, half);
            height = boxFilter(height, half * 4);
        }
        return resample(east, north, height);
    }

    /** Mean over {@code 2 * half + 1} neighbours on a closed ring. */
    static double[] boxFilter(final double[] values, final int half) {
        final int count = values.length;
        final double[] filtered = new double[count];
        double sum = 0;
        for (int i = -half; i <= half; i++) {
            sum += values[Math.floorMod(i, count)];
        }
        for (int i = 0; i < count; i++) {
            filtered[i] = sum / (2 * half + 1);
            sum += values[Math.floorMod(i + half + 1, count)] - values[Math.floorMod(i - half, count)];
        }
        return filtered;
    }

    private static Line resample(final double[] east, final double[] north, final double[] height) {
        final int count = east.length;
        final double[] along = new double[count + 1];
        for (int i = 0; i < count; i++) {
            final int next = (i + 1) % count;
            along[i + 1] = along[i] + distance(east[next] - east[i], north[next] - north[i], height[next] - height[i]);
        }
        final double length = along[count];
        final int samples = (int) Math.round(length / RAW_SPACING_M);
        final double[] evenEast = new double[samples];
        final double[] evenNorth = new double[samples];
        final double[] evenHeight = new double[samples];
        int at = 0;
        for (int i = 0; i < samples; i++) {
            final double want = length * i / samples;
            while (along[at + 1] <= want) {
                at++;
            }
            final int next = (at + 1) % count;
            final double t = (want - along[at]) / (along[at + 1] - along[at]);
            evenEast[i] = east[at] + t * (east[next] - east[at]);
            evenNorth[i] = north[at] + t * (north[next] - north[at]);
            evenHeight[i] = height[at] + t * (height[next] - height[at]);
        }
        return new Line(length, evenEast, evenNorth, evenHeight);
    }

    private static double distance(final double east, final double north, final double up) {
        return Math.sqrt(east * east + north * north + up * up);
    }
}
