package io.slipstream.telemetry.simulator;

import java.util.SplittableRandom;

/**
 * Cars on a track, their lap times and their order. Car 0 is the player.
 *
 * <p>Time moves in equal internal steps of at most {@value #LONGEST_STEP_S} s, so the same seed stepped at the same rate
 * gives the same race to the last bit. The cars roll up to the line in a staggered pack; a lap is counted from the first
 * crossing. Cars do not touch: one that closes up moves to the side. Not safe for several threads.
 */
final class Race {
    static final int MOST_CARS = 64;
    static final double LONGEST_STEP_S = 0.002;

    private static final double FIRST_SLOT_M = 48;
    private static final double SLOT_M = 5.5;
    private static final double STAGGER_M = 1.9;
    private static final double CLOSE_M = 13;
    private static final double ASIDE_M = 2.4;
    private static final double LEADING_PACE = 0.997;
    private static final double PACE_SPREAD = 0.022;
    private static final double PACE_NOISE = 0.006;
    /** A race is this long: enough for a lap to be a lap, short enough for a tank. */
    private static final double RACE_METRES = 110_000;

    private final Track track;
    private final CarSpec spec;
    private final Car[] cars;
    private final LapTimer[] timers;
    private final Chassis chassis;
    private final Marshals marshals;
    private final double[] line;
    private final int[] order;
    private final int[] positions;
    private final int laps;
    private double time;

    /**
     * @param track to race on
     * @param spec of every car
     * @param carCount 1 to 64
     * @param seed of everything that differs from race to race
     */
    Race(final Track track, final CarSpec spec, final int carCount, final long seed) {
        if (carCount < 1 || carCount > MOST_CARS) {
            throw new IllegalArgumentException("cars: " + carCount + " is not between 1 and " + MOST_CARS);
        }
        this.track = track;
        this.spec = spec;
        laps = Math.max(1, (int) Math.round(RACE_METRES / track.length()));
        cars = new Car[carCount];
        timers = new LapTimer[carCount];
        line = new double[carCount];
        order = new int[carCount];
        positions = new int[carCount];
        final SplittableRandom random = new SplittableRandom(seed);
        final SpeedProfile profile = new SpeedProfile(track, spec);
        final int[] slots = slots(carCount, random);
        for (int i = 0; i < carCount; i++) {
            final SplittableRandom own = random.split();
            final double pace = LEADING_PACE
                    - PACE_SPREAD * slots[i] / MOST_CARS
                    + PACE_NOISE * (own.nextDouble() + own.nextDouble() - 1);
            // The player has the line to itself, so that its distance is the track's own.
            final double side = i == 0 ? 0 : (slots[i] & 1) == 0 ? STAGGER_M : -STAGGER_M;
            line[i] = i == 0 ? 0 : 0.8 * (own.nextDouble() - 0.5);
            cars[i] = new Car(
                    track,
                    spec,
                    profile,
                    new Driver(own, pace),
                    -(FIRST_SLOT_M + SLOT_M * slots[i]),
                    side,
                    spec.fuelCapacityLitres() * (0.80 + 0.15 * own.nextDouble()));
            timers[i] = new LapTimer(track);
            order[slots[i]] = i;
            positions[i] = slots[i] + 1;
        }
        cars[0].odometer(1_000 * (50 + random.nextInt(400)));
        chassis = new Chassis(cars[0], random.split());
        marshals = new Marshals(random.split());
    }

    private static int[] slots(final int count, final SplittableRandom random) {
        final int[] slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = i;
        }
        for (int i = count - 1; i > 0; i--) {
            swap(slots, i, random.nextInt(i + 1));
        }
        // The player starts near the front, whatever the field, so that the first lap begins within two seconds.
        final int wanted = Math.min(count - 1, 2 + random.nextInt(4));
        for (int i = 0; i < count; i++) {
            if (slots[i] == wanted) {
                swap(slots, 0, i);
                break;
            }
        }
        return slots;
    }

    private static void swap(final int[] values, final int a, final int b) {
        final int kept = values[a];
        values[a] = values[b];
        values[b] = kept;
    }

    /**
     * Move time on.
     *
     * @param seconds of the frame
     */
    void step(final double seconds) {
        final int steps = Math.max(1, (int) Math.ceil(seconds / LONGEST_STEP_S - 1e-9));
        final double dt = seconds / steps;
        for (int i = 0; i < steps; i++) {
            subStep(dt);
        }
        sort();
        makeRoom();
        marshals.step(this);
    }

    private void subStep(final double dt) {
        for (int i = 0; i < cars.length; i++) {
            final Car car = cars[i];
            final double before = car.distance();
            car.step(dt);
            if (timers[i].advance(before, car.distance(), time, dt)) {
                car.driver().nextLap();
            }
        }
        chassis.step(dt);
        time += dt;
    }

    /** Insertion sort: from frame to frame the order hardly changes. */
    private void sort() {
        for (int i = 1; i < order.length; i++) {
            final int moving = order[i];
            final double distance = cars[moving].distance();
            int at = i;
            while (at > 0 && cars[order[at - 1]].distance() < distance) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = moving;
        }
        for (int i = 0; i < order.length; i++) {
            positions[order[i]] = i + 1;
        }
    }

    private void makeRoom() {
        for (int i = 1; i < cars.length; i++) {
            final int at = positions[i] - 1;
            final boolean behind = at > 0 && gap(order[at - 1], i) < CLOSE_M;
            final boolean blocksPlayer = at + 1 < order.length && order[at + 1] == 0 && gap(i, 0) < CLOSE_M;
            final double aside = (i & 1) == 0 ? ASIDE_M : -ASIDE_M;
            cars[i].keepTo(behind || blocksPlayer ? aside : line[i]);
        }
    }

    private double gap(final int ahead, final int behind) {
        return cars[ahead].distance() - cars[behind].distance();
    }

    /** Whether the player has driven all its laps. */
    boolean isOver() {
        return timers[0].lapsCompleted() >= laps;
    }

    /** Seconds since the start. */
    double time() {
        return time;
    }

    int size() {
        return cars.length;
    }

    int laps() {
        return laps;
    }

    Track track() {
        return track;
    }

    CarSpec spec() {
        return spec;
    }

    Car car(final int index) {
        return cars[index];
    }

    LapTimer timer(final int index) {
        return timers[index];
    }

    /** The player's suspension, tyres and temperatures. */
    Chassis chassis() {
        return chassis;
    }

    Marshals marshals() {
        return marshals;
    }

    /** 1 for the leader. */
    int position(final int index) {
        return positions[index];
    }

    /** Which car runs in a position, counted from 1. */
    int inPosition(final int position) {
        return order[position - 1];
    }
}
