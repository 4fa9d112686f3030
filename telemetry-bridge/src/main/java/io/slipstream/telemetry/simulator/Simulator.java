package io.slipstream.telemetry.simulator;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.SeqlockWriter;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.formats.GameFormats;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes a race that nobody drives into a block, as the game writes one that somebody does: the seqlock, the units, the
 * unset values. The block's trailer says that it is synthetic.
 *
 * <p>A race that is over is followed by the next, with the next seed. For one thread at a time; {@code running} and
 * {@code progress} of {@link #run} are called on the thread that runs.
 */
public final class Simulator implements AutoCloseable {
    private static final long SPIN_NS = 120_000;
    private static final long PROGRESS_NS = 1_000_000_000;
    /** Later than this a frame is not made up for: the clock stood still, a laptop slept. */
    private static final long HOPELESS_NS = 1_000_000_000;

    private static final double RESTART_AFTER_S = 10;

    /**
     * What to simulate.
     *
     * @param block name of the block; made where there is none
     * @param circuit to race on
     * @param cars 1 to 64, the player's among them
     * @param hz frames a second, 60 to 1000
     * @param seed of the race: the same frames for the same seed at the same rate
     * @param duration of the whole simulation; zero for one without end
     * @param removeBlock whether {@link #close()} removes the block; those of Qt, Windows and Wine go by themselves
     */
    public record Config(
            BlockName block, Circuit circuit, int cars, int hz, long seed, Duration duration, boolean removeBlock) {
        /** Cars where a user does not say. */
        public static final int DEFAULT_CARS = 24;

        /** Frames a second where a user does not say: a display of 165 Hz. */
        public static final int DEFAULT_HZ = 165;

        /**
         * Check what was asked for.
         *
         * @throws IllegalArgumentException when a number is out of its range; the message names it
         */
        public Config {
            Objects.requireNonNull(block, "block");
            Objects.requireNonNull(circuit, "circuit");
            if (cars < 1 || cars > Race.MOST_CARS) {
                throw new IllegalArgumentException("cars: " + cars + " is not between 1 and " + Race.MOST_CARS);
            }
            if (hz < 60 || hz > 1_000) {
                throw new IllegalArgumentException("hz: " + hz + " is not between 60 and 1000");
            }
            if (duration.isNegative()) {
                throw new IllegalArgumentException("duration: " + duration + " is negative; zero is without end");
            }
        }

        /**
         * The usual race on the usual circuit.
         *
         * @param block name of the block
         * @return 24 cars on the club circuit at 165 Hz, without end, whose block is removed at the end
         */
        public static Config of(final BlockName block) {
            return new Config(block, Circuit.CLUB, DEFAULT_CARS, DEFAULT_HZ, 1, Duration.ZERO, true);
        }
    }

    /** Hears of a running simulation about once a second. */
    @FunctionalInterface
    public interface Progress {
        /**
         * It still runs.
         *
         * @param frames written so far
         * @param late frames written more than a frame's time late
         * @param lap that the player is on, 0 before the first crossing of the line
         * @param position of the player
         */
        void onProgress(long frames, long late, int lap, int position);
    }

    private final Config config;
    private final Track track;
    private final Pcars2Writer writer;
    private final MappedBlock mapping;
    private final SeqlockWriter seqlock;
    private final long lastFrame;
    private Race race;
    private long seed;
    private long frames;
    private long late;
    private double overSince = Double.NaN;
    private boolean closed;

    /**
     * Make the block and write the grid into it, so that whoever opens it finds a race.
     *
     * @param config what to simulate
     * @throws SharedMemoryException when another Slipstream writes the block, one of another length is in its place, or it
     *     cannot be made
     */
    public Simulator(final Config config) throws SharedMemoryException {
        this.config = config;
        final BlockFormat format = GameFormats.load("pcars2");
        track = config.circuit().track();
        writer = new Pcars2Writer(format);
        seed = config.seed();
        lastFrame = config.duration().isZero()
                ? Long.MAX_VALUE
                : Math.max(1, Math.round(config.duration().toNanos() * 1e-9 * config.hz()));
        mapping = MappedBlock.create(config.block(), BlockDescriptor.mappingLength(writer.length()));
        seqlock = new SeqlockWriter(
                mapping.buffer(), format.field("mSequenceNumber").offset());
        try {
            requireNobodyElse(mapping);
        } catch (final SharedMemoryException e) {
            mapping.close();
            throw e;
        }
        // Signed before the first frame: nobody may take it for a game's.
        BlockTrailer.write(mapping.buffer(), true, false);
        startRace(Pcars2Writer.PLAYING);
    }

    private static void requireNobodyElse(final MappedBlock mapping) throws SharedMemoryException {
        final long pid = BlockTrailer.writerPid(mapping.buffer());
        if (BlockTrailer.writerAlive(mapping.buffer())) {
            throw new SharedMemoryException(
                    SharedMemoryError.ALREADY_EXISTS,
                    mapping.name() + ": process " + pid
                            + " writes this block, a simulator or a player; end it, or choose another name");
        }
    }

    private void startRace(final int gameState) {
        race = new Race(track, CarSpec.prototype(), config.cars(), seed);
        overSince = Double.NaN;
        final String[] names = Roster.draw(config.cars(), config.seed());
        final UnsafeBuffer block = mapping.buffer();
        seqlock.begin();
        writer.prepare(block, race, names);
        writer.write(block, race, gameState);
        seqlock.end();
        seed++;
    }

    /**
     * Move the race on by one frame and write it, at once.
     *
     * @return false when the duration is over and nothing was written
     */
    public boolean writeFrame() {
        if (frames >= lastFrame) {
            return false;
        }
        frames++;
        race.step(1.0 / config.hz());
        if (race.isOver() && Double.isNaN(overSince)) {
            overSince = race.time();
        }
        if (race.time() - overSince > RESTART_AFTER_S) {
            startRace(Pcars2Writer.RESTARTING);
            return true;
        }
        seqlock.begin();
        writer.write(mapping.buffer(), race, Pcars2Writer.PLAYING);
        seqlock.end();
        return true;
    }

    /**
     * Write frames at the configured rate until told to stop, interrupted, or until the duration is over. The schedule
     * is absolute and the rate does not drift: a late frame is made up for, but, as in a game, no frame follows another
     * at less than half a frame's time. The last frame says that the game has exited.
     *
     * @param running asked before every frame
     * @param progress told about once a second
     */
    public void run(final BooleanSupplier running, final Progress progress) {
        final long periodNum = TimeUnit.SECONDS.toNanos(1);
        long start = System.nanoTime();
        long scheduled = 0;
        final long leastApart = periodNum / config.hz() / 2;
        long lastWritten = start - leastApart;
        long nextProgress = start + PROGRESS_NS;
        while (running.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            scheduled++;
            final long due =
                    start + scheduled / config.hz() * periodNum + scheduled % config.hz() * periodNum / config.hz();
            awaitUntil(Math.max(due, lastWritten + leastApart), running);
            final long now = System.nanoTime();
            lastWritten = now;
            if (now - due > HOPELESS_NS) {
                start = now;
                scheduled = 0;
            }
            if (now - due > periodNum / config.hz()) {
                late++;
            }
            if (!running.getAsBoolean() || !writeFrame()) {
                break;
            }
            if (now - nextProgress >= 0) {
                nextProgress = now + PROGRESS_NS;
                progress.onProgress(frames, late, race.timer(0).lapsStarted(), race.position(0));
            }
        }
        exitGame();
    }

    private static void awaitUntil(final long due, final BooleanSupplier running) {
        long left = due - System.nanoTime();
        while (left > 0 && running.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            if (left > SPIN_NS) {
                LockSupport.parkNanos(left - SPIN_NS);
            } else {
                Thread.onSpinWait();
            }
            left = due - System.nanoTime();
        }
    }

    private void exitGame() {
        seqlock.begin();
        writer.write(mapping.buffer(), race, Pcars2Writer.EXITED);
        seqlock.end();
    }

    /**
     * Frames written so far.
     *
     * @return frames, without the first that only prepared the block and the last that ends the game
     */
    public long frames() {
        return frames;
    }

    /**
     * Frames that came more than a frame's time after they were due.
     *
     * @return frames
     */
    public long lateFrames() {
        return late;
    }

    /**
     * Say that the game has exited, sign the block off, and remove it when so configured. May be called again.
     *
     * @throws SharedMemoryException when it cannot be removed
     */
    @Override
    public void close() throws SharedMemoryException {
        if (closed) {
            return;
        }
        closed = true;
        exitGame();
        BlockTrailer.signOff(mapping.buffer());
        final boolean ours = mapping.stillThere();
        mapping.close();
        if (config.removeBlock() && ours) {
            MappedBlock.remove(config.block());
        }
    }
}
