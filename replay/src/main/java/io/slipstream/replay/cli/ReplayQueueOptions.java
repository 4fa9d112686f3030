package io.slipstream.replay.cli;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.replay.player.MessageSelection;
import io.slipstream.replay.player.QueueSink;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.OffsetEpochNanoClock;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a queue gets that a session is played into. */
final class ReplayQueueOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--queue",
            paramLabel = "DIR",
            description = "A live queue: frames, typed state, events, markers, and the playback's own time ten times a"
                    + " second (PlaybackClock). With --block, both get everything.")
    private Path directory;

    @Option(
            names = "--include",
            paramLabel = "TYPE",
            split = ",",
            description = "Into the queue, only messages of this type, as CarState; may be repeated.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "TYPE",
            split = ",",
            description = "Into the queue, no messages of this type, as Standings; may be repeated. Keyframe and Delta"
                    + " go together.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--live-time",
            description = "Stamp the queue's messages with the time at which they are played, not with that of the"
                    + " recording.")
    private boolean liveTime;

    @Option(
            names = "--source-id",
            paramLabel = "N",
            description =
                    "Source that the queue's messages name, 0 to 65535, to tell several playbacks apart (default: 1).")
    private Integer sourceId;

    Path directory() {
        return directory;
    }

    /** Refuses a directory that must not be played into. */
    void checkDirectory() throws IOException {
        if (SessionDirectory.isSession(directory)) {
            throw new CommandFailure(
                    directory + " is a session: playing into it would change it; give --queue another directory");
        }
        if (new LiveDirectory(directory).isBridged()) {
            throw new CommandFailure(
                    directory + " is the live queue of a bridge that runs: give --queue another directory");
        }
    }

    QueueSink.Options options() {
        if (directory == null && (!include.isEmpty() || !exclude.isEmpty() || liveTime || sourceId != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--include, --exclude, --live-time and --source-id choose what a queue gets: give --queue as well");
        }
        if (sourceId != null && (sourceId < 0 || sourceId > EnvelopeDescriptor.MAX_U16)) {
            throw new ParameterException(
                    spec.commandLine(), "--source-id " + sourceId + ": give 0 to " + EnvelopeDescriptor.MAX_U16);
        }
        return new QueueSink.Options(
                true,
                include.isEmpty() && exclude.isEmpty() ? null : selection(),
                liveTime ? new OffsetEpochNanoClock() : null,
                sourceId == null ? QueueSink.Options.DEFAULT.sourceId() : sourceId);
    }

    private MessageSelection selection() {
        try {
            return MessageSelection.of(Bridge.schema(), include, exclude);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    (include.isEmpty() ? "--exclude: " : "--include, --exclude: ") + e.getMessage(),
                    e);
        }
    }
}
