package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;

/** What a session holds, as lines that can be compared and read. */
public final class Contents {
    private Contents() {}

    /** Every frame that can be restored, with all its numbers and a digest of its block. */
    public static List<String> frames(final Path session) throws IOException {
        final List<String> frames = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor cursor = reader.frames()) {
            while (cursor.next()) {
                final FrameReader frame = cursor.frame();
                frames.add(frame.frameNumber() + " at " + cursor.timestamp() + " sequence " + frame.sequence()
                        + " missed " + frame.missed() + " retries " + frame.retries() + " torn " + frame.torn() + " "
                        + frame.formatName() + " " + frame.formatVersion() + " " + frame.consistency() + " "
                        + frame.synthetic() + " " + frame.origin() + " " + digest(cursor.block(), frame.blockLength()));
            }
            if (cursor.damaged() > 0) {
                frames.add(cursor.damaged() + " damaged");
            }
        }
        return frames;
    }

    /** The order of frames and all else: frames by number, other messages byte for byte. */
    public static List<String> order(final Path session) throws IOException {
        final List<String> lines = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                MessageCursor cursor = reader.messages()) {
            for (Message message = cursor.next(); message != null; message = cursor.next()) {
                final String head = message.timestamp() + " source " + message.sourceId() + " version "
                        + message.version() + " template " + message.templateId() + " ";
                lines.add(
                        isFrame(message)
                                ? message.timestamp() + " source " + message.sourceId() + " version "
                                        + message.version() + " frame "
                                        + message.buffer().getLong(message.offset())
                                : head + hex(message.buffer(), message.offset() - 8, message.length() + 8));
            }
        }
        return lines;
    }

    /** Every message byte for byte. */
    public static List<String> messages(final Path session) throws IOException {
        final List<String> lines = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                MessageCursor cursor = reader.messages()) {
            for (Message message = cursor.next(); message != null; message = cursor.next()) {
                lines.add(message.timestamp() + " source " + message.sourceId() + " "
                        + hex(message.buffer(), message.offset() - 8, message.length() + 8));
            }
        }
        return lines;
    }

    /** All but frames. */
    public static List<String> events(final Path session) throws IOException {
        return order(session).stream().filter(line -> !line.contains(" frame ")).toList();
    }

    /** Capture times of the frames. */
    public static List<Long> times(final Path session) throws IOException {
        final List<Long> times = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor cursor = reader.frames()) {
            while (cursor.next()) {
                times.add(cursor.timestamp());
            }
        }
        return times;
    }

    private static boolean isFrame(final Message message) {
        return message.schemaId() == KeyframeDecoder.SCHEMA_ID
                && (message.templateId() == KeyframeDecoder.TEMPLATE_ID
                        || message.templateId() == DeltaDecoder.TEMPLATE_ID);
    }

    private static String digest(final DirectBuffer block, final int length) {
        final byte[] bytes = new byte[length];
        block.getBytes(0, bytes);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (final NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
