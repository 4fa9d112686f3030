package io.slipstream.telemetry.simulator;

import java.util.SplittableRandom;

/**
 * The flags that the player is shown: green at the start, yellow for an incident in the player's sector now and then, blue
 * when a car a lap ahead closes up from behind, white on the last lap. Not safe for several threads.
 */
final class Marshals {
    static final int NO_FLAG = 0;
    static final int GREEN = 1;
    static final int BLUE = 2;
    static final int WHITE_FINAL_LAP = 4;
    static final int YELLOW = 6;
    static final int CHEQUERED = 11;
    static final int NO_REASON = 0;
    static final int SOLO_CRASH = 1;

    private static final double GREEN_SECONDS = 8;
    private static final double YELLOW_SECONDS = 6;
    private static final double WHITE_SECONDS = 10;
    private static final double BLUE_METRES = 25;

    private final SplittableRandom random;
    private double nextIncident;
    private int incidentSector;
    private int flag = GREEN;

    Marshals(final SplittableRandom random) {
        this.random = random;
        plan(GREEN_SECONDS);
    }

    private void plan(final double after) {
        nextIncident = after + 25 + 60 * random.nextDouble();
        incidentSector = random.nextInt(LapTimer.SECTORS);
    }

    void step(final Race race) {
        final LapTimer timer = race.timer(0);
        if (race.time() > nextIncident + YELLOW_SECONDS) {
            plan(nextIncident + YELLOW_SECONDS);
        }
        if (race.isOver()) {
            flag = CHEQUERED;
        } else if (race.time() < GREEN_SECONDS) {
            flag = GREEN;
        } else if (race.time() >= nextIncident && timer.sector() == incidentSector) {
            flag = YELLOW;
        } else if (isBeingLapped(race)) {
            flag = BLUE;
        } else if (timer.lapsStarted() == race.laps() && timer.currentLap(race.time()) < WHITE_SECONDS) {
            flag = WHITE_FINAL_LAP;
        } else {
            flag = NO_FLAG;
        }
    }

    private static boolean isBeingLapped(final Race race) {
        final double length = race.track().length();
        final double player = race.car(0).distance();
        for (int position = 1; position < race.position(0); position++) {
            final double lead = race.car(race.inPosition(position)).distance() - player;
            if (lead < length - BLUE_METRES) {
                return false;
            }
            final double behind = length - lead % length;
            if (behind < BLUE_METRES) {
                return true;
            }
        }
        return false;
    }

    int flag() {
        return flag;
    }

    int reason() {
        return flag == YELLOW ? SOLO_CRASH : NO_REASON;
    }
}
