package io.slipstream.replay.pack;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.SchemaStore;
import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditMonitor;
import io.slipstream.replay.edit.EditStoppedException;
import io.slipstream.replay.edit.MessageFlyweight;
import io.slipstream.replay.edit.NewSession;
import io.slipstream.replay.session.MessageCheck;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes a session of a packed one: every message byte for byte, with its time and its source; of a damaged file all parts that are
 * whole. Single-threaded.
 */
public final class SessionUnpacker {
    private final Path file;
    private final List<String> remarks = new ArrayList<>();
    private final Set<Integer> sources = new HashSet<>();
    private final MessageFlyweight message = new MessageFlyweight();
    private SchemaStore schemas;
    private SessionWriter writer;
    private long lastTimestamp = Long.MIN_VALUE;
    private long parts;
    private long messages;
    private long impossible;

    /**
     * Prepares to unpack; nothing is read or written yet.
     *
     * @param file that was packed, or what is left of it.
     */
    public SessionUnpacker(Path file) {
        this.file = file;
    }

    /**
     * Unpacks. May be called once.
     *
     * @param destination where the session is to be.
     * @param monitor looks on.
     * @return what was made, and what is missing.
     * @throws EditStoppedException if the monitor said so.
     * @throws IOException if the file is no packed session, if nothing of it is whole, or the session cannot be made.
     */
    public UnpackReport unpack(Destination destination, EditMonitor monitor) throws IOException {
        try (PackFile pack = PackFile.open(file);
                NewSession made = NewSession.create(destination)) {
            final SessionInfo known = pack.head().summary();
            putBesides(pack.head(), made.directory());
            while (pack.next()) {
                if (monitor.isStopped()) {
                    throw new EditStoppedException();
                }
                onPart(pack, made, known);
                monitor.onProgress(writer == null ? 0 : writer.frames(), pack.share());
            }
            if (writer == null || writer.frames() == 0) {
                throw new IOException("no part of " + file + " is whole: nothing can be unpacked");
            }
            return finish(pack, made, known);
        }
    }

    private UnpackReport finish(PackFile pack, NewSession made, SessionInfo known) throws IOException {
        remarks.addAll(pack.damage());
        if (impossible > 0) {
            remarks.add(impossible + " messages cannot be of a session, and were left out");
        }
        final PackTail tail = pack.tail();
        if (tail == null) {
            remarks.add("its end is missing: " + messages + " messages in " + parts + " parts were saved");
        } else if (tail.messages() != messages) {
            remarks.add(messages + " of " + tail.messages() + " messages were saved");
        }
        final boolean whole = tail != null && tail.messages() == messages && impossible == 0 && pack.lostParts() == 0;
        final Path path = made.publish(
                whole ? info -> original(info, known) : info -> Summaries.withStep(info, "unpacked in part"));
        if (tail != null && tail.damaged() > 0) {
            remarks.add(tail.damaged() + " frames were damaged already when they were packed");
        }
        return new UnpackReport(
                path, made.info(), messages, whole && pack.damage().isEmpty(), remarks);
    }

    /** Of the same messages the summary that the session had is right, though it may know less, or more, than ours. */
    private SessionInfo original(SessionInfo info, SessionInfo known) {
        final boolean same = known != null
                && known.frames() == info.frames()
                && known.keyframes() == info.keyframes()
                && known.startedNs() == info.startedNs();
        if (known != null && !same) {
            remarks.add("the summary that was packed does not agree with the messages: it was made anew");
        }
        return same ? Summaries.withBytes(known, info.bytes()) : info;
    }

    /** Schemas and the session's own format, each only if it is one. */
    private void putBesides(PackHead head, Path directory) throws IOException {
        schemas = new SchemaStore(directory);
        schemas.add(Bridge.schema());
        final Path trial = directory.resolveSibling("trial");
        for (byte[] content : head.contents(PackDescriptor.SCHEMA_SECTION)) {
            try {
                schemas.add(MessageSchema.fromFile(Files.write(trial, content)));
            } catch (QueueException e) {
                remarks.add("a schema in it was left out: " + e.getMessage().replace(trial.toString(), "it"));
            }
        }
        for (byte[] content : head.contents(PackDescriptor.FORMAT_SECTION)) {
            try {
                BlockFormat.parse(SessionDirectory.FORMAT, new String(content, StandardCharsets.UTF_8));
                Files.write(directory.resolve(SessionDirectory.FORMAT), content);
            } catch (FormatException e) {
                remarks.add("its own block format was left out: " + e.getMessage());
            }
        }
    }

    private void onPart(PackFile pack, NewSession made, SessionInfo known) throws IOException {
        parts++;
        final UnsafeBuffer plain = new UnsafeBuffer(pack.messages());
        int at = 0;
        while (at < plain.capacity()) {
            final int rest = plain.capacity() - at - PackDescriptor.MESSAGE_HEADER_LENGTH;
            final int length = rest < SBE_HEADER_LENGTH
                    ? 0
                    : plain.getInt(at + PackDescriptor.MESSAGE_LENGTH_OFFSET, LITTLE_ENDIAN);
            if (length < SBE_HEADER_LENGTH || length > Math.min(rest, PackDescriptor.LONGEST_MESSAGE)) {
                // Where the next one would begin nobody knows.
                impossible++;
                return;
            }
            message.wrap(
                    plain,
                    at + PackDescriptor.MESSAGE_HEADER_LENGTH,
                    length,
                    plain.getLong(at + PackDescriptor.MESSAGE_TIMESTAMP_OFFSET, LITTLE_ENDIAN),
                    plain.getShort(at + PackDescriptor.MESSAGE_SOURCE_OFFSET, LITTLE_ENDIAN) & 0xFFFF);
            if (isPossible()) {
                write(made, known);
            } else {
                impossible++;
            }
            at += PackDescriptor.MESSAGE_HEADER_LENGTH + length;
        }
    }

    private boolean isPossible() {
        if (message.timestamp() < lastTimestamp
                || !MessageCheck.isSound(message)
                || !schemas.has(message.schemaId(), message.version())) {
            return false;
        }
        if (sources.size() == PackDescriptor.MOST_SOURCES && !sources.contains(message.sourceId())) {
            return false;
        }
        sources.add(message.sourceId());
        return true;
    }

    private void write(NewSession made, SessionInfo known) throws IOException {
        if (writer == null) {
            writer = made.begin(
                    message.sourceId(), known == null ? "" : known.name(), known == null ? Map.of() : known.metadata());
        }
        writer.write(message);
        lastTimestamp = message.timestamp();
        messages++;
    }
}
