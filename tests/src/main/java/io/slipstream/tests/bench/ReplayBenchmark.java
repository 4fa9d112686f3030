package io.slipstream.tests.bench;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.SeqlockWriter;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.player.QueueSink;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A session played without a pause, beside whole blocks out of a raw file. */
final class ReplayBenchmark implements Benchmark {
    private static final int CARS = 24;
    private static final int HZ = 165;
    private static final double TARGET = 100_000;

    private SessionDirectory session;
    private Path raw;
    private int frames;
    private int blockLength;
    private int round;

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String about() {
        return "frames a second of a session played unpaced, beside whole blocks copied from a raw file";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        frames = settings.pick(300, 10_000, 20_000);
        final Path directory = settings.directory();
        try (SimulatedFrames race = new SimulatedFrames(directory.resolve("block"), CARS, HZ)) {
            blockLength = race.length();
            session = Sessions.record(directory, race, frames);
        }
        raw = directory.resolve("raw");
        writeRaw();
        final PairedRounds rounds = new PairedRounds(settings.pick(0, 4, 6), settings.pick(2, 5, 11));
        final PairedRounds.Result block = rounds.run(() -> playBlock(directory), () -> playRaw(directory));
        settings.say("into a block: done");
        final PairedRounds.Result queue = rounds.run(() -> playQueue(directory), () -> playRaw(directory));
        return List.of(row("replay into a block", true, block), row("replay into a queue", false, queue));
    }

    private static Row row(String what, boolean judged, PairedRounds.Result result) {
        final double rate = 1e9 / result.ours();
        final String mine = Row.format("%.0f frames/s", rate);
        final String other = Row.format("%.0f frames/s from raw blocks", 1e9 / result.peer());
        final double ratio = 1 / result.ratio();
        return judged
                ? Row.judged(what, mine, other, ratio, Row.format(">= %.0f frames/s", TARGET), rate >= TARGET)
                : Row.information(what, mine, other, ratio);
    }

    private static BlockName file(Path directory, String name) {
        return new BlockName.MappedFile(directory.resolve(name));
    }

    private double playBlock(Path directory) throws IOException {
        try (FrameSink sink = BlockSink.open(file(directory, "played" + round++), Frames.FORMAT, blockLength, true)) {
            return play(sink);
        }
    }

    private double playQueue(Path directory) throws IOException {
        final Path live = directory.resolve("played" + round++);
        try (FrameSink sink = new QueueSink(live, Frames.FORMAT, "bench", true)) {
            return play(sink);
        } finally {
            Scratch.delete(live);
        }
    }

    private double play(FrameSink sink) throws IOException {
        try (SessionReader reader = SessionReader.open(session.path())) {
            final Player player =
                    new Player(reader, sink, new Player.Options(Player.Options.UNPACED, 0, Long.MAX_VALUE, false));
            final long start = System.nanoTime();
            player.run(() -> false);
            final double time = System.nanoTime() - start;
            if (player.frames() != frames || player.damaged() != 0) {
                throw new IOException(player.frames() + " of " + frames + " frames played");
            }
            return time / frames;
        }
    }

    /** The same frames, whole. */
    private void writeRaw() throws Exception {
        try (SimulatedFrames race = new SimulatedFrames(raw.resolveSibling("again"), CARS, HZ);
                FileChannel file = FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = ByteBuffer.allocateDirect(blockLength);
            for (int i = 0; i < frames; i++) {
                race.next();
                race.block().getBytes(0, bytes.clear(), blockLength);
                bytes.flip();
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
        }
    }

    private double playRaw(Path directory) throws IOException {
        final int length = BlockDescriptor.mappingLength(blockLength);
        try (MappedBlock block = MappedBlock.create(file(directory, "raw-played"), length);
                FileChannel file = FileChannel.open(raw)) {
            final SeqlockWriter writer = new SeqlockWriter(block.buffer(), Frames.SEQUENCE_OFFSET);
            final UnsafeBuffer mapped = new UnsafeBuffer(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()));
            final UnsafeBuffer frame = new UnsafeBuffer();
            final long start = System.nanoTime();
            for (int i = 0; i < frames; i++) {
                frame.wrap(mapped, i * blockLength, blockLength);
                writer.writeRecorded(frame, blockLength);
            }
            return (double) (System.nanoTime() - start) / frames;
        }
    }
}
