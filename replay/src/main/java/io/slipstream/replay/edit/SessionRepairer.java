package io.slipstream.replay.edit;

import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.Message;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.SchemaStore;
import io.slipstream.replay.session.KnownSchemas;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionIndex;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a session of what is whole in a damaged one: every frame that can be restored and agrees with its checksum, with its
 * numbers and its time, and every event that nothing speaks against. Nothing is made up for what is lost. The damaged one stays as it
 * is. Single-threaded.
 */
public final class SessionRepairer {
    /** More than any bridge has; each costs a queue that is opened. */
    private static final int MOST_SOURCES = 16;

    private final Path damaged;
    private final Set<Integer> schemas = new HashSet<>();
    private final Set<Integer> sources = new HashSet<>();
    private final List<String> remarks = new ArrayList<>();
    private long frames;
    private long events;
    private long damagedFrames;
    private long damagedMessages;

    /**
     * Prepares a repair; nothing is read or written yet.
     *
     * @param damaged directory of the session, or what is left of it: a data file is enough.
     */
    public SessionRepairer(Path damaged) {
        this.damaged = damaged;
    }

    /**
     * Repairs. May be called once.
     *
     * @param destination where the new session is to be.
     * @param monitor looks on.
     * @return what was made; its remarks say what was lost, in so far as it is no frame and no message.
     * @throws EditStoppedException if the monitor said so.
     * @throws IOException if there is not one whole frame, or the session cannot be made.
     */
    public EditReport repair(Destination destination, EditMonitor monitor) throws IOException {
        if (!Files.isDirectory(damaged)) {
            throw new IOException(damaged + " is not a session: it is no directory");
        }
        final Suspects suspects;
        final long firstNs;
        final long lastNs;
        try (SessionIndex saved = SessionIndex.saved(new SessionDirectory(damaged));
                MessageCursor cursor = MessageCursor.open(damaged)) {
            suspects = Suspects.of(cursor, saved);
            firstNs = saved.startNs();
            lastNs = saved.endNs();
        }
        try (NewSession made = NewSession.create(destination);
                SoundMessages messages = new SoundMessages(MessageCursor.open(damaged), suspects.positions())) {
            takeOver(made);
            copy(messages, made, new Pace(monitor, firstNs, lastNs));
            final Path path = made.publish();
            remark(messages.cursor(), suspects, made.info());
            return new EditReport(path, made.info(), events, damagedFrames, damagedMessages, remarks);
        }
    }

    /** What it brings beside its messages may be damaged as well; then it is left out, and every session's own schema serves. */
    private void takeOver(NewSession made) {
        try {
            new SessionDirectory(damaged).ownFormat();
            final SchemaStore store = new SchemaStore(damaged);
            store.templateNames();
            made.takeOver(damaged);
            new SchemaStore(made.directory()).add(Bridge.schema());
        } catch (IOException | FormatException | QueueException e) {
            remarks.add("what is beside its messages could not be taken over: " + e.getMessage());
            made.forget();
        }
    }

    private void copy(SoundMessages messages, NewSession made, Pace pace) throws IOException {
        SessionWriter writer = null;
        FrameCopier copier = null;
        while (messages.next() != SoundMessages.Kind.END) {
            switch (messages.kind()) {
                case FRAME -> {
                    if (writer == null) {
                        writer = begin(made, messages.message());
                        copier = new FrameCopier(writer);
                    }
                    copier.write(messages);
                    frames++;
                    pace.onFrame(messages.message().timestamp());
                }
                case EVENT -> {
                    // A session begins with a frame; and a schema or a source that was never there is a flipped bit.
                    if (writer == null || !isKnown(messages.message())) {
                        damagedMessages++;
                    } else {
                        writer.write(messages.message());
                        events++;
                    }
                }
                case DAMAGED_FRAME -> damagedFrames++;
                default -> damagedMessages++;
            }
        }
        if (frames == 0) {
            throw new IOException("there is not one whole frame in " + damaged + ": nothing can be saved");
        }
    }

    private boolean isKnown(Message event) {
        final int schema = event.schemaId() << 16 | event.version();
        if (!schemas.contains(schema) && KnownSchemas.has(damaged, event.schemaId(), event.version())) {
            schemas.add(schema);
        }
        if (!schemas.contains(schema) || (!sources.contains(event.sourceId()) && sources.size() == MOST_SOURCES)) {
            return false;
        }
        sources.add(event.sourceId());
        return true;
    }

    private SessionWriter begin(NewSession made, Message first) throws IOException {
        String name = "";
        Map<String, String> metadata = Map.of();
        try {
            final SessionInfo info = new SessionDirectory(damaged).read();
            name = info.name();
            metadata = info.metadata();
        } catch (IOException e) {
            remarks.add("its summary is lost, and with it the session's name and metadata, if it had any: "
                    + e.getMessage());
        }
        return made.begin(first.sourceId(), name, History.with(metadata, "repaired from " + History.name(damaged)));
    }

    private void remark(MessageCursor cursor, Suspects suspects, SessionInfo info) {
        if (cursor.damagedPlaces() > 0) {
            remarks.add(cursor.damagedBytes() + " bytes in " + cursor.damagedPlaces()
                    + (cursor.damagedPlaces() == 1 ? " place" : " places") + " held no message");
        }
        if (cursor.foreign() > 0) {
            remarks.add(cursor.foreign() + (cursor.foreign() == 1 ? " document was" : " documents were")
                    + " no message of a session");
        }
        if (suspects.segments() > 0) {
            remarks.add("in " + suspects.segments() + (suspects.segments() == 1 ? " stretch" : " stretches")
                    + " a number beside the frames (missed, retries, torn, the game's sequence) may be another than was"
                    + " recorded; the frames themselves are as they were");
        }
        if (info.lost() > 0) {
            remarks.add(info.lost() + " frames are missing between those that are there");
        }
    }
}
