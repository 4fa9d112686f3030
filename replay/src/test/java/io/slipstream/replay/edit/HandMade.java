package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.replay.Sessions;
import io.slipstream.telemetry.codec.FrameMessages;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.GapEncoder;
import io.slipstream.telemetry.schema.LapCompletedEncoder;
import io.slipstream.telemetry.schema.MarkerEncoder;
import io.slipstream.telemetry.schema.MessageHeaderEncoder;
import io.slipstream.telemetry.schema.SectorCompletedEncoder;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** A session whose every message the test chooses. Blocks are empty but for a version, a counter and what the test puts in. */
public final class HandMade implements AutoCloseable {
    /** The next frame's block. */
    public final UnsafeBuffer block = new UnsafeBuffer(new byte[Sessions.LENGTH]);

    private final Path path;
    private final SessionWriter writer;
    private final UnsafeBuffer event = new UnsafeBuffer(new byte[2_048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageFlyweight message = new MessageFlyweight();
    private FrameMessages frames;
    private int sourceId = 1;
    private int counter;

    public HandMade(final Path path, final String name, final Map<String, String> metadata) throws IOException {
        this.path = Files.createDirectories(path);
        writer = new SessionWriter(new SessionDirectory(path), 1, name, metadata).keepSources();
        restart("hand-made");
        block.putInt(0, 14);
    }

    /** As if another bridge went on: frames are counted from 0 again. */
    public HandMade restart(final String origin) {
        frames = new FrameMessages(
                "pcars2", origin, true, Consistency.SEQLOCK, Sessions.LENGTH, new KeyframeRule(8, Long.MAX_VALUE / 2));
        return this;
    }

    public HandMade source(final int id) {
        sourceId = id;
        return this;
    }

    /** A frame; returns its number. */
    public long frame(final long timestamp) {
        return frame(timestamp, 0, 0, 0);
    }

    public long frame(final long timestamp, final long missed, final int retries, final int torn) {
        counter++;
        block.putInt(Sessions.FORMAT.field("mSequenceNumber").offset(), 2 * counter);
        block.putInt(Sessions.FORMAT.field("mBuildVersionNumber").offset(), counter * 31);
        final int length = frames.encode(block, Sessions.LENGTH, 14, 2L * counter, missed, retries, torn, timestamp);
        message.wrap(frames.buffer(), 0, length, timestamp, sourceId);
        writer.write(message);
        return frames.frameNumber();
    }

    public void lap(final long timestamp, final long nextLapsFrame, final int lap) {
        final SectorCompletedEncoder sector = new SectorCompletedEncoder();
        sector.wrapAndApplyHeader(event, 0, header)
                .frameNumber(nextLapsFrame)
                .lap(lap)
                .sector((byte) 3)
                .time(5);
        write(sector.limit(), timestamp);
        final LapCompletedEncoder completed = new LapCompletedEncoder();
        completed
                .wrapAndApplyHeader(event, 0, header)
                .frameNumber(nextLapsFrame)
                .lap(lap)
                .time(15)
                .sector1(5)
                .sector2(5)
                .sector3(5)
                .invalidated((short) 0)
                .whole((short) 1);
        write(completed.limit(), timestamp);
    }

    public void sector(final long timestamp, final long frame, final int lap, final int sector) {
        final SectorCompletedEncoder encoder = new SectorCompletedEncoder();
        encoder.wrapAndApplyHeader(event, 0, header)
                .frameNumber(frame)
                .lap(lap)
                .sector((byte) sector)
                .time(5);
        write(encoder.limit(), timestamp);
    }

    public void gap(final long timestamp, final long frame) {
        final GapEncoder gap = new GapEncoder();
        gap.wrapAndApplyHeader(event, 0, header).frameNumber(frame).missed(2).duration(3);
        write(gap.limit(), timestamp);
    }

    public void marker(final long timestamp, final String label) {
        final byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
        final MarkerEncoder marker = new MarkerEncoder();
        marker.wrapAndApplyHeader(event, 0, header).putLabel(bytes, 0, bytes.length);
        write(marker.limit(), timestamp);
    }

    private void write(final int length, final long timestamp) {
        writer.write(message.wrap(event, 0, length, timestamp, sourceId));
    }

    public void write(final Message any) {
        writer.write(any);
    }

    public Path finish() throws IOException {
        writer.finish();
        return path;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
