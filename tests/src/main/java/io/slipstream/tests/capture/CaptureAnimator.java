package io.slipstream.tests.capture;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A moving block, synthetic but of real parts: the dump of a real block, with the player's fields taken row by row from the real
 * laps at Montreal. Everything that the rows do not say is the dump's, byte for byte.
 *
 * <p>No lap time is told: {@code mLastLapTime} stays unset, so who reads the blocks has to time the laps. The sectors' times are
 * the game's, being its lap time less its sector time where a new sector begins.
 *
 * <pre>{@code
 * CaptureAnimator capture = CaptureAnimator.open(captures);
 * while (capture.next()) {
 *     detector.onFrame(frame++, capture.timestampNs(), 0, capture.block(), capture.version());
 * }
 * }</pre>
 *
 * <p>Single-threaded. {@link #next()} allocates nothing.
 */
public final class CaptureAnimator {
    private static final String DUMP = "ams2-v13-race-paused.bin";
    private static final String ROWS = "ams2-montreal.csv.gz";
    private static final String TRACK = "Montreal";
    private static final float TRACK_LENGTH_M = 4322.457f;
    private static final String FORMAT = "pcars2";
    private static final int PLAYING = 2;
    private static final int PAUSED = 3;
    private static final int RACING = 2;
    private static final int TIME_ATTACK = 6;
    private static final int SECTORS = 3;
    private static final double RAD_PER_S_OF_RPM = 2 * Math.PI / 60;

    private final List<MontrealRow> rows;
    private final UnsafeBuffer block;
    private final AnimatedFields places;
    private final long version;
    private final float[] sectorTimes = {-1, -1, -1};
    private int row = -1;
    private int lap = -1;
    private int sector = -1;
    private float sectorStart;

    private CaptureAnimator(final BlockFormat format, final byte[] dump, final List<MontrealRow> rows) {
        this.rows = rows;
        block = new UnsafeBuffer(dump);
        places = new AnimatedFields(format);
        version = format.version(block, 0);
        text(format.field("mTrackLocation"), TRACK);
        text(format.field("mTrackVariation"), TRACK);
        text(format.field("mTranslatedTrackLocation"), TRACK);
        text(format.field("mTranslatedTrackVariation"), TRACK);
        set(format.field("mTrackLength"), TRACK_LENGTH_M);
        set(format.field("mSessionState"), TIME_ATTACK);
        set(format.field("mLapsInEvent"), 0);
    }

    /**
     * Reads dump and rows.
     *
     * @param capturesDir folder of the captures.
     * @return the animator, before its first row.
     * @throws UncheckedIOException if a capture cannot be read.
     */
    public static CaptureAnimator open(final Path capturesDir) {
        try {
            return new CaptureAnimator(
                    GameFormats.load(FORMAT),
                    Files.readAllBytes(capturesDir.resolve(DUMP)),
                    readRows(capturesDir.resolve(ROWS)));
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read the captures in " + capturesDir, e);
        }
    }

    private static List<MontrealRow> readRows(final Path file) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            final String header = reader.readLine();
            if (header == null) {
                throw new IOException(file + " is empty");
            }
            final List<String> columns = List.of(header.split(",", -1));
            final List<MontrealRow> rows = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                rows.add(MontrealRow.parse(columns, line));
            }
            return rows;
        }
    }

    /**
     * Moves the block to the next row.
     *
     * @return false if there is none; the block stays as it is.
     */
    public boolean next() {
        if (row + 1 >= rows.size()) {
            return false;
        }
        row++;
        show(rows.get(row));
        return true;
    }

    /**
     * The block as of the present row: as long as the dump, which is longer than the block.
     *
     * @return the same buffer always; it changes with {@link #next()}.
     */
    public DirectBuffer block() {
        return block;
    }

    /**
     * When the row was captured.
     *
     * @return ns since the Unix epoch.
     */
    public long timestampNs() {
        return rows.get(row).timestamp();
    }

    /**
     * How many rows there are.
     *
     * @return rows.
     */
    public int rows() {
        return rows.size();
    }

    /**
     * The version that the block states.
     *
     * @return version.
     */
    public long version() {
        return version;
    }

    /** Goes back before the first row. The sequence number keeps growing, as a game's would. */
    public void rewind() {
        row = -1;
        lap = -1;
        sector = -1;
    }

    private void show(final MontrealRow now) {
        final boolean driven = now.lap() > 0;
        set(places.gameState, driven ? PLAYING : PAUSED);
        set(places.sequence, block.getInt(places.sequence.offset(), LITTLE_ENDIAN) + 2);
        showCar(now);
        if (driven) {
            showLap(now);
        }
    }

    private void showCar(final MontrealRow now) {
        vector(places.position, now.x(), now.y(), now.z());
        vector(places.acceleration, now.accelerationX(), now.accelerationY(), now.accelerationZ());
        set(places.speed, now.speed());
        set(places.speeds, now.speed());
        set(places.rpm, now.rpm());
        set(places.maxRpm, now.maxRpm());
        set(places.engineSpeed, (float) (now.rpm() * RAD_PER_S_OF_RPM));
        set(places.gear, now.gear());
        set(places.gears, now.gears());
        set(places.throttle, now.throttle());
        set(places.brake, now.brake());
        set(places.clutch, now.clutch());
        set(places.steering, now.steering());
        set(places.throttleInput, now.throttleInput());
        set(places.brakeInput, now.brakeInput());
        set(places.clutchInput, now.clutch());
        set(places.steeringInput, now.steering());
        set(places.fuelLevel, now.fuelLevel());
        set(places.fuelCapacity, now.fuelCapacity());
        set(places.brakeBias, now.brakeBias());
    }

    private void showLap(final MontrealRow now) {
        set(places.raceState, RACING);
        set(places.raceStates, RACING);
        set(places.lap, now.lap());
        set(places.lapsCompleted, now.lap() - 1);
        set(places.lapDistance, now.lapDistance());
        set(places.currentTime, now.lapTime());
        set(places.sector, now.sector());
        block.putByte(places.invalidated.offset(), (byte) (now.invalidated() ? 1 : 0));
        block.putByte(places.invalidatedOfAll.offset(), (byte) (now.invalidated() ? 1 : 0));
        timeSectors(now);
        for (int i = 0; i < SECTORS; i++) {
            set(places.sectorTime[i], sectorTimes[i]);
            set(places.sectorTimes[i], sectorTimes[i]);
        }
    }

    /** Where a sector begins, lap time less sector time is what the game took for the ones before it. */
    private void timeSectors(final MontrealRow now) {
        if (now.lap() != lap || now.lapTime() < 0 || now.sector() < sector) {
            sectorTimes[0] = -1;
            sectorTimes[1] = -1;
            sectorStart = now.lapTime() < 0 || now.sector() != 0 ? Float.NaN : 0;
        } else if (now.sector() == sector + 1 && sector >= 0) {
            final float start = now.lapTime() - now.sectorTime();
            sectorTimes[sector] = Float.isNaN(sectorStart) ? -1 : start - sectorStart;
            sectorStart = start;
        }
        lap = now.lap();
        sector = now.sector();
    }

    private void vector(final Field field, final float x, final float y, final float z) {
        block.putFloat(field.offset(), x, LITTLE_ENDIAN);
        block.putFloat(field.offset() + Float.BYTES, y, LITTLE_ENDIAN);
        block.putFloat(field.offset() + 2 * Float.BYTES, z, LITTLE_ENDIAN);
    }

    private void set(final Field field, final float value) {
        block.putFloat(field.offset(), value, LITTLE_ENDIAN);
    }

    private void set(final Field field, final int value) {
        block.putInt(field.offset(), value, LITTLE_ENDIAN);
    }

    private void text(final Field field, final String text) {
        block.setMemory(field.offset(), field.length(), (byte) 0);
        block.putBytes(field.offset(), text.getBytes(StandardCharsets.UTF_8));
    }
}
