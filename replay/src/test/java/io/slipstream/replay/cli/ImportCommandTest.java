package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.BlockName;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.QueueSink;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path log;

    @BeforeEach
    void write() throws IOException {
        log = folder.resolve("log.csv");
        Files.writeString(log, "time_s,RPM,gear\n0,1000,1\n0.5,1100,1\n1,1200,2\n");
    }

    private int run(final String... arguments) {
        return Slipstream.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private Path imported() {
        assertThat(run("import", log.toString(), "--into", folder.resolve("s").toString(), "--name", "Test day"))
                .as(err.toString())
                .isZero();
        return Path.of(out.toString().strip());
    }

    @Test
    void shouldImportAndSayWhere() throws IOException {
        final Path session = imported();
        out.getBuffer().setLength(0);
        assertThat(run("info", session.toString())).isZero();
        assertThat(out.toString())
                .contains("Test day")
                .contains("3 at 2.0 Hz")
                .contains("Imported log log.csv")
                .doesNotContain("car ");
        assertThat(run("sessions", "--in", folder.resolve("s").toString())).isZero();
    }

    @Test
    void shouldBePlayedIntoABlock() throws IOException {
        final BlockName name = new BlockName.MappedFile(folder.resolve("block"));
        try (SessionReader reader = SessionReader.open(imported());
                BlockSink sink =
                        BlockSink.open(name, reader.format(), reader.info().blockBytes(), false);
                FrameCursor frames = reader.frames()) {
            while (frames.next()) {
                sink.onFrame(frames, frames.timestamp());
            }
            try (MappedBlock block = MappedBlock.openReadOnly(name)) {
                assertThat(reader.format().field("engine_speed").raw(block.buffer(), 0))
                        .isEqualTo(1200);
                assertThat(reader.format().field("block_sequence").integer(block.buffer(), 0))
                        .isEqualTo(6);
            }
        }
    }

    @Test
    void shouldBePlayedIntoAQueueWithoutStateThatItDoesNotHave() throws IOException {
        final Path queue = folder.resolve("queue");
        try (SessionReader reader = SessionReader.open(imported());
                QueueSink sink = new QueueSink(queue, reader.format(), "log.csv", false);
                FrameCursor frames = reader.frames()) {
            while (frames.next()) {
                sink.onFrame(frames, frames.timestamp());
            }
        }
        out.getBuffer().setLength(0);
        assertThat(run("tail", queue.toString(), "--json", "--from", "start")).isZero();
        assertThat(out.toString()).contains("Keyframe", "Delta").doesNotContain("CarState");
    }

    @Test
    void shouldSayWhatIsWrongWithAnExitCode() throws IOException {
        assertThat(run("import", folder.resolve("missing.csv").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("does not exist");
        final Path other = Files.copy(log, folder.resolve("log.dat"));
        assertThat(run("import", other.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("--format motec or --format csv");
        assertThat(run("import", other.toString(), "--format", "motec")).isEqualTo(1);
        assertThat(err.toString()).contains("no MoTeC log").doesNotContain("\tat ");
        assertThat(run("import", other.toString(), "--format", "tape")).isEqualTo(2);
        Files.writeString(log, "time_s,RPM,driver\n0,1000,Ann\n0.5,1100,Bob\n");
        assertThat(run("import", log.toString(), "--into", folder.resolve("s").toString()))
                .as("something is left out")
                .isEqualTo(3);
        assertThat(err.toString()).contains("driver");
    }
}
