package io.slipstream.tests.capture;

import java.math.BigDecimal;
import java.util.List;

/**
 * One row of the Montreal capture: one packet of the game.
 *
 * @param timestamp ns since the Unix epoch.
 * @param lap the lap being driven; -1 in menus.
 * @param lapDistance m; -1 in menus.
 * @param lapTime s; -1 while none is timed.
 * @param sectorTime s into the sector; -1 while none is timed.
 * @param sector from 0; -1 for none.
 * @param invalidated the game does not count the lap.
 * @param throttle 0..1, after assists.
 * @param brake 0..1, after assists.
 * @param steering -1..1.
 * @param clutch 0..1.
 * @param throttleInput 0..1, the pedal.
 * @param brakeInput 0..1, the pedal.
 * @param speed m/s.
 * @param rpm of the engine.
 * @param maxRpm of the engine.
 * @param gear -1 reverse, 0 neutral.
 * @param gears forward gears.
 * @param x m, world.
 * @param y m, world.
 * @param z m, world.
 * @param accelerationX m/s2, car axes.
 * @param accelerationY m/s2, car axes.
 * @param accelerationZ m/s2, car axes.
 * @param fuelLevel share of the tank.
 * @param fuelCapacity litres.
 * @param brakeBias share of the front.
 */
record MontrealRow(
        long timestamp,
        int lap,
        float lapDistance,
        float lapTime,
        float sectorTime,
        int sector,
        boolean invalidated,
        float throttle,
        float brake,
        float steering,
        float clutch,
        float throttleInput,
        float brakeInput,
        float speed,
        float rpm,
        float maxRpm,
        int gear,
        int gears,
        float x,
        float y,
        float z,
        float accelerationX,
        float accelerationY,
        float accelerationZ,
        float fuelLevel,
        float fuelCapacity,
        float brakeBias) {

    private static final float PERCENT = 0.01f;
    private static final float RAW = 255f;

    static MontrealRow parse(final List<String> columns, final String line) {
        final List<String> cells = List.of(line.split(",", -1));
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException("a row of the Montreal capture has " + cells.size() + " cells and not "
                    + columns.size() + ": " + line);
        }
        final Cells row = new Cells(columns, cells);
        return new MontrealRow(
                new BigDecimal(row.text("wall_time")).movePointRight(9).longValue(),
                (int) row.number("current_lap"),
                row.number("current_lap_distance"),
                row.number("current_time_s"),
                row.number("current_sector_time_s"),
                (int) row.number("sector_index"),
                Boolean.parseBoolean(row.text("lap_invalidated")),
                row.number("throttle_pct") * PERCENT,
                row.number("brake_pct") * PERCENT,
                row.number("steering_pct") * PERCENT,
                row.number("clutch_pct") * PERCENT,
                row.number("throttle_raw") / RAW,
                row.number("brake_raw") / RAW,
                row.number("speed_ms"),
                row.number("rpm"),
                row.number("max_rpm"),
                (int) row.number("gear"),
                (int) row.number("num_gears"),
                row.number("world_x"),
                row.number("world_y"),
                row.number("world_z"),
                row.number("accel_local_x"),
                row.number("accel_local_y"),
                row.number("accel_local_z"),
                row.number("fuel_level_pct") * PERCENT,
                row.number("fuel_capacity"),
                row.number("brake_bias_pct") * PERCENT);
    }

    private record Cells(List<String> columns, List<String> cells) {
        String text(final String column) {
            final int index = columns.indexOf(column);
            if (index < 0) {
                throw new IllegalArgumentException("the Montreal capture has no column " + column + ", but " + columns);
            }
            return cells.get(index);
        }

        float number(final String column) {
            return Float.parseFloat(text(column));
        }
    }
}
