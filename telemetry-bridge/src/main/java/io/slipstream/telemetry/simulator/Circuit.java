package io.slipstream.telemetry.simulator;

import io.slipstream.telemetry.simulator.TrackBuilder.Corner;
import java.util.List;
import java.util.Locale;

/** The circuits to race on. All of them are invented. */
public enum Circuit {
    /** A short, fast circuit: a lap takes about 16 s, so that a recording of 20 s holds a whole one. */
    CLUB("Slipstream Club Circuit", "Club_Short", 11, 12, 0.30, 0.66) {
        @Override
        List<Corner> corners() {
            return List.of(
                    new Corner(110, 0, 50, 0),
                    new Corner(114, 98, 45, 1.8),
                    new Corner(20, 100, 110, 3.4),
                    new Corner(-36, 82, 120, 2.6),
                    new Corner(-114, 92, 32, 1.2),
                    new Corner(-108, 0, 44, 0.2));
        }
    },

    /** A full-size circuit of about 4.3 km: a lap takes about 97 s. */
    GRAND_PRIX("Slipstream Park", "Grand_Prix", 14, 24, 0.29, 0.67) {
        @Override
        List<Corner> corners() {
            return List.of(
                    new Corner(630, 0, 45, 0),
                    new Corner(675, 215, 60, 4),
                    new Corner(920, 290, 120, 9),
                    new Corner(1010, 630, 24, 18),
                    new Corner(855, 530, 30, 15),
                    new Corner(630, 585, 110, 12),
                    new Corner(370, 470, 90, 8),
                    new Corner(70, 700, 60, 14),
                    new Corner(-280, 630, 150, 20),
                    new Corner(-630, 540, 28, 12),
                    new Corner(-585, 370, 20, 8),
                    new Corner(-650, 340, 20, 7),
                    new Corner(-630, 0, 55, 0));
        }
    };

    private final String location;
    private final String variation;
    private final double width;
    private final double transition;
    private final double firstSplit;
    private final double secondSplit;

    Circuit(
            final String location,
            final String variation,
            final double width,
            final double transition,
            final double firstSplit,
            final double secondSplit) {
        this.location = location;
        this.variation = variation;
        this.width = width;
        this.transition = transition;
        this.firstSplit = firstSplit;
        this.secondSplit = secondSplit;
    }

    abstract List<Corner> corners();

    /** Lay the circuit out: always the same for a circuit. */
    Track track() {
        return new Track(
                location, variation, width, TrackBuilder.build(corners(), transition), firstSplit, secondSplit);
    }

    /**
     * The name that a command line uses.
     *
     * @return {@code club} or {@code grand-prix}
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Find a circuit by the name that a command line uses.
     *
     * @param id {@code club} or {@code grand-prix}
     * @return the circuit
     * @throws IllegalArgumentException when there is none of that name; the message lists those there are
     */
    public static Circuit of(final String id) {
        for (final Circuit circuit : values()) {
            if (circuit.id().equals(id)) {
                return circuit;
            }
        }
        throw new IllegalArgumentException("track: there is no circuit '" + id + "': use club or grand-prix");
    }
}
