package io.slipstream.tests.bench;

import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import org.agrona.DirectBuffer;

/** Bytes of a session beside the blocks written whole, and beside every block deflated for itself. */
final class SizeBenchmark implements Benchmark {
    private static final int CARS = 24;
    private static final int HZ = 165;
    private static final double TARGET = 5;
    /** Deflating takes long; one frame in so many stands for all. */
    private static final int DEFLATE_EVERY = 16;

    @Override
    public String name() {
        return "size";
    }

    @Override
    public String about() {
        return "bytes of a recorded session, beside every frame deflated for itself";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final List<Row> rows = new ArrayList<>();
        final String real = "recorded size, real block animated";
        if (Files.isDirectory(settings.captures())) {
            try (Counted frames = new Counted(new CapturedFrames(settings.captures()))) {
                rows.add(row(real, true, frames, settings, settings.pick(500, Integer.MAX_VALUE, Integer.MAX_VALUE)));
            }
        } else {
            rows.add(Row.skipped(real, "no captures in " + settings.captures()));
        }
        try (Counted frames =
                new Counted(new SimulatedFrames(settings.directory().resolve("block"), CARS, HZ))) {
            rows.add(row(
                    "recorded size, 24 simulated cars", false, frames, settings, settings.pick(500, 20_000, 60_000)));
        }
        return rows;
    }

    private static Row row(String what, boolean judged, Counted frames, Settings settings, int most) throws Exception {
        final Path directory = Files.createTempDirectory(settings.directory(), "size");
        final SessionDirectory session = Sessions.record(directory, frames, most);
        final SessionInfo info = session.read();
        final double ours = 100.0 * session.bytes() / info.rawBytes();
        final double peer = 100.0 * frames.deflated / frames.sampled;
        settings.say("%s: %d frames, %d bytes", what, info.frames(), session.bytes());
        Scratch.delete(directory);
        final String mine = Row.format("%.2f %% of raw", ours);
        final String other = Row.format("%.2f %% deflate", peer);
        return judged
                ? Row.judged(what, mine, other, ours / peer, Row.format("<= %.0f %%", TARGET), ours <= TARGET)
                : Row.information(what, mine, other, ours / peer);
    }

    /** Deflates some of the frames that go by. */
    private static final class Counted implements Frames {
        private final Frames frames;
        private final Deflater deflater = new Deflater();
        private byte[] raw = new byte[0];
        private byte[] out = new byte[0];
        private long count;
        private long sampled;
        private long deflated;

        Counted(Frames frames) {
            this.frames = frames;
        }

        @Override
        public boolean next() {
            if (!frames.next()) {
                return false;
            }
            if (count++ % DEFLATE_EVERY == 0) {
                deflate();
            }
            return true;
        }

        private void deflate() {
            final int length = length();
            if (raw.length != length) {
                raw = new byte[length];
                out = new byte[2 * length];
            }
            block().getBytes(0, raw, 0, length);
            deflater.reset();
            deflater.setInput(raw);
            deflater.finish();
            deflated += deflater.deflate(out);
            sampled += length;
        }

        @Override
        public DirectBuffer block() {
            return frames.block();
        }

        @Override
        public long timestampNs() {
            return frames.timestampNs();
        }

        @Override
        public void close() throws IOException {
            deflater.end();
            frames.close();
        }
    }
}
