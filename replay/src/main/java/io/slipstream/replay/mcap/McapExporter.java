package io.slipstream.replay.mcap;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.replay.export.ExportHeader;
import io.slipstream.replay.export.ExportTarget;
import io.slipstream.replay.export.Exporter;
import io.slipstream.replay.export.OutputFile;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Exports to MCAP, so that Foxglove opens it. Topics, all in JSON with a JSON Schema, at the time when the frame was captured:
 *
 * <ul>
 *   <li>{@code /car}: the channels of each sample by name, their titles and units in the schema; what is not set is absent;
 *   <li>{@code /lap}: laps that were completed, with their times and sectors;
 *   <li>{@code /event}: everything that happened, as it was recorded;
 *   <li>{@code /log}: the same in words, as {@code foxglove.Log};
 *   <li>{@code /tf}: where the car is and how it is turned, as {@code foxglove.FrameTransform} from {@code track} to
 *       {@code car}, where the session is of a game whose axes are known, and has its position and angles.
 * </ul>
 *
 * <p>What the session says of itself is in a metadata record, {@code session}, and whole in an attachment, {@code session.json}.
 * Single-threaded; keeps one chunk and the index of chunks, however long the session.
 */
public final class McapExporter implements Exporter {
    private final ChannelCatalogue catalogue;
    private final OutputFile output;
    private final WritableByteChannel stream;
    private McapWriter writer;
    private SampleTopic car;
    private TransformTopic transform;
    private EventTopics events;

    /**
     * Prepares an export.
     *
     * @param target where it goes.
     * @param catalogue that the session's channels come from.
     * @throws IOException if it cannot be written there.
     */
    public McapExporter(ExportTarget target, ChannelCatalogue catalogue) throws IOException {
        this.catalogue = catalogue;
        switch (target) {
            case ExportTarget.File file -> {
                output = OutputFile.create(file.path(), file.replace());
                stream = null;
            }
            case ExportTarget.Stream standard -> {
                output = null;
                stream = Channels.newChannel(standard.out());
            }
        }
    }

    /** Adds the channels that {@code /tf} needs, as far as the session has them, behind those that were chosen. */
    @Override
    public SampleSelection adjust(SampleSelection wanted, SessionInfo info) {
        if (!TransformTopic.knows(info.format())) {
            return wanted;
        }
        final List<Channel> channels = new ArrayList<>(wanted.channels());
        final Set<String> chosen = channels.stream().map(Channel::name).collect(Collectors.toUnmodifiableSet());
        for (Channel channel : catalogue.all()) {
            if (TransformTopic.CHANNELS.contains(channel.name()) && !chosen.contains(channel.name())) {
                channels.add(channel);
            }
        }
        return new SampleSelection(channels, wanted.laps(), wanted.fromNs(), wanted.toNs(), wanted.rate());
    }

    @Override
    public void begin(ExportHeader header) throws IOException {
        final String version = McapExporter.class.getPackage().getImplementationVersion();
        writer = new McapWriter(
                output == null
                        ? stream
                        : FileChannel.open(
                                output.temporary(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                "slipstream" + (version == null ? "" : " " + version),
                true);
        writer.metadata("session", SessionFacts.of(header));
        writer.attachment(
                header.info().startedNs(), "session.json", "application/json", SessionFacts.json(header.info()));
        car = new SampleTopic(writer, header.channels());
        transform = TransformTopic.knows(header.info().format()) ? TransformTopic.of(writer, header.channels()) : null;
        events = new EventTopics(writer, header.session(), header.selection());
    }

    @Override
    public void sample(Samples samples) throws IOException {
        events.writeUntil(samples.timestampNs());
        car.write(samples);
        if (transform != null) {
            transform.write(samples);
        }
    }

    @Override
    public void end() throws IOException {
        events.writeUntil(Long.MAX_VALUE);
        writer.finish();
        if (output != null) {
            writer.close();
            output.complete();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (events != null) {
                events.close();
            }
            if (writer != null && output != null) {
                writer.close();
            }
        } finally {
            if (output != null) {
                output.close();
            }
        }
    }
}
