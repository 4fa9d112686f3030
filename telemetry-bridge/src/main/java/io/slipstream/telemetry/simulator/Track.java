package io.slipstream.telemetry.simulator;

/**
 * A closed racing line described by the distance along it: where it is, where it points, how it bends and climbs.
 *
 * <p>Distances are metres from the start line, in driving order, and must lie in {@code [0, length())}. Positions and
 * headings are in the game's axes: y up, and facing -z a car has +x on its left. Immutable, so safe for any thread.
 */
final class Track {
    private final String location;
    private final String variation;
    private final double width;
    private final double length;
    private final double[] sectorEnds;
    private final int samples;
    private final double perMetre;
    private final double[] x;
    private final double[] y;
    private final double[] z;
    /** Unwrapped over the lap, so that neighbours can be interpolated. One element more than there are samples. */
    private final double[] yaw;

    private final double[] leftX;
    private final double[] leftZ;
    private final double[] curvature;
    private final double[] slope;
    private final double[] slopeRate;

    Track(
            final String location,
            final String variation,
            final double width,
            final TrackBuilder.Line line,
            final double firstSplit,
            final double secondSplit) {
        this.location = location;
        this.variation = variation;
        this.width = width;
        this.length = line.length();
        this.sectorEnds = new double[] {firstSplit * length, secondSplit * length, length};
        this.samples = line.east().length;
        this.perMetre = samples / length;
        x = new double[samples];
        y = line.height().clone();
        z = new double[samples];
        yaw = new double[samples + 1];
        leftX = new double[samples];
        leftZ = new double[samples];
        slope = new double[samples];
        final double[] bend = new double[samples];
        final double[] rise = new double[samples];
        for (int i = 0; i < samples; i++) {
            x[i] = -line.east()[i];
            z[i] = -line.north()[i];
        }
        for (int i = 0; i < samples; i++) {
            final int before = (i + samples - 1) % samples;
            final int after = (i + 1) % samples;
            final double heading = StrictMath.atan2(-(x[after] - x[before]), -(z[after] - z[before]));
            yaw[i] = i == 0 ? heading : yaw[i - 1] + wrap(heading - yaw[i - 1]);
            leftX[i] = StrictMath.cos(yaw[i]);
            leftZ[i] = -StrictMath.sin(yaw[i]);
            slope[i] = (y[after] - y[before]) * perMetre / 2;
        }
        yaw[samples] = yaw[samples - 1] + wrap(yaw[0] - yaw[samples - 1]);
        for (int i = 0; i < samples; i++) {
            final int before = (i + samples - 1) % samples;
            final int after = (i + 1) % samples;
            bend[i] = -wrap(yaw[after] - yaw[before]) * perMetre / 2;
            rise[i] = (slope[after] - slope[before]) * perMetre / 2;
        }
        curvature = TrackBuilder.boxFilter(bend, 6);
        slopeRate = TrackBuilder.boxFilter(rise, 12);
    }

    /**
     * The angle brought into (-pi, pi].
     *
     * @param angle in radians
     * @return the same direction, in (-pi, pi]
     */
    static double wrap(final double angle) {
        final double turns = Math.rint(angle / (2 * Math.PI));
        return angle - turns * 2 * Math.PI;
    }

    /**
     * Where the circuit is, as the game would name it.
     *
     * @return its name
     */
    String location() {
        return location;
    }

    /**
     * Which of the location's layouts this is.
     *
     * @return its name
     */
    String variation() {
        return variation;
    }

    /**
     * Length of one lap.
     *
     * @return metres
     */
    double length() {
        return length;
    }

    /**
     * Width of the road.
     *
     * @return metres
     */
    double width() {
        return width;
    }

    /**
     * Where a sector ends.
     *
     * @param sector 0, 1 or 2
     * @return metres from the start line; the last one is {@link #length()}
     */
    double sectorEnd(final int sector) {
        return sectorEnds[sector];
    }

    /**
     * Bend of the line.
     *
     * @param distance metres
     * @return 1/m, positive in left-hand corners
     */
    double curvature(final double distance) {
        return at(curvature, distance);
    }

    /**
     * Climb of the line.
     *
     * @param distance metres
     * @return metres up per metre along
     */
    double slope(final double distance) {
        return at(slope, distance);
    }

    /**
     * How fast the climb changes: positive in a dip, negative over a crest.
     *
     * @param distance metres
     * @return 1/m
     */
    double slopeRate(final double distance) {
        return at(slopeRate, distance);
    }

    /**
     * Direction of travel.
     *
     * @param distance metres
     * @return radians in (-pi, pi], growing in right-hand corners; 0 faces -z
     */
    double yaw(final double distance) {
        final double index = distance * perMetre;
        final int low = Math.min((int) index, samples - 1);
        return wrap(yaw[low] + (index - low) * (yaw[low + 1] - yaw[low]));
    }

    /**
     * Game x of the line.
     *
     * @param distance metres
     * @return metres
     */
    double x(final double distance) {
        return at(x, distance);
    }

    /**
     * Height of the line.
     *
     * @param distance metres
     * @return metres
     */
    double y(final double distance) {
        return at(y, distance);
    }

    /**
     * Game z of the line.
     *
     * @param distance metres
     * @return metres
     */
    double z(final double distance) {
        return at(z, distance);
    }

    /**
     * Game x of the unit vector that points to the left of the line.
     *
     * @param distance metres
     * @return -1 to 1
     */
    double leftX(final double distance) {
        return at(leftX, distance);
    }

    /**
     * Game z of the unit vector that points to the left of the line.
     *
     * @param distance metres
     * @return -1 to 1
     */
    double leftZ(final double distance) {
        return at(leftZ, distance);
    }

    /**
     * The same place as a distance within the lap.
     *
     * @param distance metres, of any size and sign
     * @return metres in [0, length)
     */
    double withinLap(final double distance) {
        final double within = distance - Math.floor(distance / length) * length;
        return within >= length ? 0 : within;
    }

    private double at(final double[] values, final double distance) {
        final double index = distance * perMetre;
        final int low = Math.min((int) index, samples - 1);
        final int high = low + 1 == samples ? 0 : low + 1;
        return values[low] + (index - low) * (values[high] - values[low]);
    }
}
