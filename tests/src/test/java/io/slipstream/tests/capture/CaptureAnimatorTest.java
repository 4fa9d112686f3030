package io.slipstream.tests.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.state.EventDetector;
import io.slipstream.telemetry.state.EventSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CaptureAnimatorTest {
    private static final double[] KNOWN_LAP_TIMES = {98.087, 99.584, 99.045, 97.512};

    private final Path captures =
            Path.of(System.getProperty("slipstream.root", "..")).resolve("../shared/captures");

    @BeforeEach
    void needCaptures() {
        assumeTrue(Files.isDirectory(captures), "skipped: no real captures in " + captures.normalize());
    }

    @Test
    void shouldTimeTheFourLapsOfTheRealCapture() {
        final Laps found = new Laps();
        final CaptureAnimator capture = CaptureAnimator.open(captures);
        final EventDetector detector = new EventDetector(GameFormats.load("pcars2"), found);
        long frame = 0;
        while (capture.next()) {
            detector.onFrame(frame++, capture.timestampNs(), 0, capture.block(), capture.version());
        }
        detector.onSourceLost(capture.timestampNs());
        System.out.println(found);

        assertThat(frame).as("rows shown").isEqualTo(capture.rows()).isEqualTo(30_009);
        assertThat(found.laps).as("laps in %s", found).hasSize(KNOWN_LAP_TIMES.length);
        for (int i = 0; i < KNOWN_LAP_TIMES.length; i++) {
            final Lap lap = found.laps.get(i);
            assertThat(lap.lap).as("number in %s", found).isEqualTo(i + 1);
            assertThat(lap.whole).as("seen from line to line: %s", lap).isTrue();
            assertThat(lap.time).as("time of %s", lap).isCloseTo(KNOWN_LAP_TIMES[i], within(0.020));
            assertThat(lap.sector1 + lap.sector2 + lap.sector3)
                    .as("sectors of %s", lap)
                    .isCloseTo((float) lap.time, within(0.001f));
        }
        assertThat(found.sessions)
                .as("the capture joins a lap and then starts anew")
                .isEqualTo(2);
        assertThat(found.sectors)
                .as("three sectors a lap, and the first of a lap that was given up in its second")
                .isEqualTo(3 * 4 + 1);
    }

    @Test
    void shouldChangeNothingButThePlayersFields() throws Exception {
        final byte[] dump = Files.readAllBytes(captures.resolve("ams2-v13-race-paused.bin"));
        final CaptureAnimator capture = CaptureAnimator.open(captures);
        final BlockFormat format = GameFormats.load("pcars2");
        final int others = format.field("mParticipantInfo[1]").offset();
        final int end = format.field("mUnfilteredThrottle").offset();
        for (int i = 0; i < 10_000; i++) {
            assertThat(capture.next()).as("row %d", i).isTrue();
        }
        for (int i = others; i < end; i++) {
            assertThat(capture.block().getByte(i))
                    .as("byte %d, of another participant", i)
                    .isEqualTo(dump[i]);
        }
        assertThat(format.field("mSequenceNumber").integer(capture.block(), 0)).isEqualTo(2224 + 2 * 10_000);
        assertThat(format.field("mLastLapTime").raw(capture.block(), 0))
                .as("no lap time is told")
                .isEqualTo(-1);
        assertThat(format.field("mRpm").si(capture.block(), 0))
                .as("engine speed, told twice")
                .isCloseTo(format.field("mEngineSpeed").si(capture.block(), 0), within(1e-3));
    }

    private record Lap(
            long lap, double time, float sector1, float sector2, float sector3, boolean invalidated, boolean whole) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "lap %d: %.4f s (%.3f %.3f %.3f)", lap, time, sector1, sector2, sector3);
        }
    }

    private static final class Laps implements EventSink {
        private final List<Lap> laps = new ArrayList<>();
        private int sessions;
        private int sectors;

        @Override
        public void onSessionStarted(final long timestamp, final long frameNumber, final SessionDetails session) {
            sessions++;
        }

        @Override
        public void onSessionEnded(final long timestamp, final long frameNumber, final long lapsCompleted) {}

        @Override
        public void onLapCompleted(
                final long timestamp,
                final long frameNumber,
                final long lap,
                final double time,
                final float sector1,
                final float sector2,
                final float sector3,
                final boolean invalidated,
                final boolean whole) {
            laps.add(new Lap(lap, time, sector1, sector2, sector3, invalidated, whole));
        }

        @Override
        public void onSectorCompleted(
                final long timestamp, final long frameNumber, final long lap, final int sector, final float time) {
            sectors++;
        }

        @Override
        public void onFlagChanged(final long timestamp, final long frameNumber, final int flag) {}

        @Override
        public void onPitChanged(final long timestamp, final long frameNumber, final int mode) {}

        @Override
        public void onGap(final long timestamp, final long frameNumber, final long missed, final long duration) {}

        @Override
        public String toString() {
            return sessions + " sessions, " + laps;
        }
    }
}
