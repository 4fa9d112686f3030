package io.slipstream.telemetry.simulator;

/**
 * A body's orientation, to turn vectors of the world into its own axes. In the game's angles the world's vector is
 * Ry(yaw) Rx(pitch) Rz(roll) times the body's; checked against packets that the game recorded, which carry a velocity and
 * an acceleration both ways.
 *
 * <p>Holds its last result so that nothing is allocated. Not safe for several threads.
 */
final class Attitude {
    private double sinPitch;
    private double cosPitch = 1;
    private double sinYaw;
    private double cosYaw = 1;
    private double sinRoll;
    private double cosRoll = 1;
    private double x;
    private double y;
    private double z;

    /** All in radians, pitch and roll small, yaw in (-pi, pi]. */
    void set(final double pitch, final double yaw, final double roll) {
        sinPitch = sin(pitch);
        cosPitch = cos(pitch);
        final double sinQuarter = sin(yaw / 4);
        final double sinHalf = 2 * sinQuarter * cos(yaw / 4);
        final double cosHalf = 1 - 2 * sinQuarter * sinQuarter;
        sinYaw = 2 * sinHalf * cosHalf;
        cosYaw = 1 - 2 * sinHalf * sinHalf;
        sinRoll = sin(roll);
        cosRoll = cos(roll);
    }

    /**
     * Taylor's series, within 1e-16 up to 45 degrees. {@link StrictMath} allocates an array a call, and {@link Math} does
     * not promise the same last bit everywhere.
     */
    private static double sin(final double angle) {
        final double square = angle * angle;
        double sum = 1;
        for (int n = 16; n >= 2; n -= 2) {
            sum = 1 - sum * square / (n * (n + 1));
        }
        return angle * sum;
    }

    /** The same for the cosine. */
    private static double cos(final double angle) {
        final double square = angle * angle;
        double sum = 1;
        for (int n = 17; n >= 1; n -= 2) {
            sum = 1 - sum * square / (n * (n + 1));
        }
        return sum;
    }

    /** Turn a vector of the world into the body's axes; {@link #x()}, {@link #y()} and {@link #z()} hold it then. */
    void toBody(final double worldX, final double worldY, final double worldZ) {
        final double yawX = cosYaw * worldX - sinYaw * worldZ;
        final double yawZ = sinYaw * worldX + cosYaw * worldZ;
        final double pitchY = cosPitch * worldY + sinPitch * yawZ;
        z = -sinPitch * worldY + cosPitch * yawZ;
        x = cosRoll * yawX + sinRoll * pitchY;
        y = -sinRoll * yawX + cosRoll * pitchY;
    }

    double x() {
        return x;
    }

    double y() {
        return y;
    }

    double z() {
        return z;
    }
}
