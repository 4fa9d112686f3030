package io.slipstream.tests.session;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
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

/** What is in a session, to be compared with what is in another. */
public final class SessionContents {
    /**
     * A frame.
     *
     * @param timestampNs when it was captured.
     * @param checksum of its block, every byte of it.
     */
    public record Frame(long timestampNs, String checksum) {}

    private SessionContents() {}

    static String checksum(DirectBuffer block, int length) {
        final byte[] bytes = new byte[length];
        block.getBytes(0, bytes);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Every frame that can be restored. */
    static List<Frame> frames(Path session) throws IOException {
        final List<Frame> frames = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor cursor = reader.frames()) {
            while (cursor.next()) {
                final int length = cursor.frame().blockLength();
                frames.add(new Frame(cursor.timestamp(), checksum(cursor.block(), length)));
            }
            if (cursor.damaged() > 0) {
                throw new AssertionError(cursor.damaged() + " damaged frames in " + session);
            }
        }
        return frames;
    }

    /** Every message: frames by their times, all others byte for byte. */
    static List<String> messages(Path session) throws IOException {
        final List<String> lines = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                MessageCursor cursor = reader.messages()) {
            for (Message message = cursor.next(); message != null; message = cursor.next()) {
                lines.add(message.timestamp() + " source " + message.sourceId() + " "
                        + (isFrame(message) ? "frame" : "template " + message.templateId() + " " + body(message)));
            }
        }
        return lines;
    }

    private static boolean isFrame(Message message) {
        return message.schemaId() == KeyframeDecoder.SCHEMA_ID
                && (message.templateId() == KeyframeDecoder.TEMPLATE_ID
                        || message.templateId() == DeltaDecoder.TEMPLATE_ID);
    }

    private static String body(Message message) {
        final byte[] bytes = new byte[message.length()];
        message.buffer().getBytes(message.offset(), bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
