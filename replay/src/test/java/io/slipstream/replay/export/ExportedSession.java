package io.slipstream.replay.export;

import io.slipstream.memory.format.Field;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/** A recorded session, its exports, and what must be in them, straight from the frames before they were recorded. */
final class ExportedSession implements AutoCloseable {
    static final long START = Sessions.START_NS;

    /** Not a whole number of microseconds. */
    static final long PERIOD = 6_060_606L;

    static final int FRAMES = 3_000;

    static final List<String> CHANNELS = List.of(
            "speed", "gear", "g_force_lat", "current_lap_time", "mEngineSpeed", "mParticipantInfo[1].mRacePosition");

    private final Sessions sessions;
    private final Path session;

    ExportedSession(Path folder) throws IOException {
        sessions = new Sessions(folder);
        session = sessions.frames(FRAMES, START, PERIOD).record().finish();
    }

    /** Runs an export; {@code stop} may end it early. */
    void export(Exporter exporter, List<String> channels, double rate, BooleanSupplier stop) throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            final ChannelCatalogue catalogue =
                    ChannelCatalogue.of(reader.format(), reader.info().formatVersion());
            final SampleSelection selection = SampleSelection.of(
                            channels.isEmpty() ? catalogue.defaults() : catalogue.select(channels))
                    .withRate(rate);
            Export.run(reader, selection, exporter, samples -> {}, stop);
        }
    }

    /** The values of {@link #CHANNELS} in a frame; null where not set. */
    List<Double> values(int frame) {
        final UnsafeBuffer block = new UnsafeBuffer(sessions.frames.get(frame).block());
        final List<Double> values = new ArrayList<>();
        values.add((double) (float) (raw(block, "mSpeed") * 3.6));
        values.add(raw(block, "mGear"));
        values.add((double) (float) (0 - raw(block, "mLocalAcceleration[0]") / 9.80665));
        values.add(raw(block, "mCurrentTime") == -1 ? null : raw(block, "mCurrentTime"));
        values.add(raw(block, "mEngineSpeed"));
        values.add(raw(block, "mParticipantInfo[1].mRacePosition"));
        return values;
    }

    private static double raw(UnsafeBuffer block, String path) {
        final Field field = Sessions.FORMAT.field(path);
        return field.raw(block, 0);
    }

    /** Everything in a directory, hidden files too. */
    static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() throws IOException {
        sessions.close();
    }
}
