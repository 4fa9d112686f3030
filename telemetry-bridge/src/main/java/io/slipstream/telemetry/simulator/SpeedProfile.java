package io.slipstream.telemetry.simulator;

/**
 * How fast a car may be at every place of a track: no faster than its tyres hold it in the bend, and no faster than its
 * brakes can mend before the next one. Immutable, so safe for any thread.
 */
final class SpeedProfile {
    private static final double CELL_M = 1.0;
    private static final double TOP_SPEED = 95;
    /** Share of the tyres' lateral grip and of the braking grip that a driver on the limit uses. */
    private static final double CORNERING_USE = 0.96;

    private static final double BRAKING_USE = 0.82;

    private final double perMetre;
    private final double[] speed;

    SpeedProfile(final Track track, final CarSpec spec) {
        final int cells = (int) Math.ceil(track.length() / CELL_M);
        final double cell = track.length() / cells;
        perMetre = 1 / cell;
        speed = new double[cells];
        final double mass = spec.massKg() + 0.5 * spec.fuelCapacityLitres() * CarSpec.FUEL_KG_PER_LITRE;
        for (int i = 0; i < cells; i++) {
            final double bend = Math.abs(track.curvature(i * cell));
            final double grip = spec.grip() * CORNERING_USE;
            final double room = bend - grip * spec.downforcePerSpeedSquared() / mass;
            final double squared = grip * CarSpec.GRAVITY / Math.max(room, 1e-6);
            speed[i] = Math.min(TOP_SPEED, Math.sqrt(squared));
        }
        // Twice round, so that the braking for the first corner reaches back over the start line.
        for (int i = 2 * cells - 1; i >= 0; i--) {
            final int at = i % cells;
            final double after = speed[(at + 1) % cells];
            final double grip =
                    spec.grip() * (CarSpec.GRAVITY + spec.downforcePerSpeedSquared() * after * after / mass);
            final double lateral = after * after * track.curvature(at * cell);
            final double left = Math.sqrt(Math.max(0.02, 1 - lateral * lateral / (grip * grip)));
            final double braking = Math.min(grip * left, spec.brakeForce() / mass) * BRAKING_USE
                    + spec.dragPerSpeedSquared() * after * after / mass
                    + CarSpec.GRAVITY * track.slope(at * cell);
            speed[at] = Math.min(speed[at], Math.sqrt(after * after + 2 * braking * cell));
        }
    }

    /** Highest speed at a distance within the lap, m/s. */
    double at(final double distance) {
        final double index = distance * perMetre;
        final int low = Math.min((int) index, speed.length - 1);
        final int high = low + 1 == speed.length ? 0 : low + 1;
        return speed[low] + (index - low) * (speed[high] - speed[low]);
    }
}
