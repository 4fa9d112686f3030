package io.slipstream.replay.edit;

import io.slipstream.memory.format.PlayerRule;
import io.slipstream.queue.Message;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.schema.FlagChangedDecoder;
import io.slipstream.telemetry.schema.GapDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.LapCompletedDecoder;
import io.slipstream.telemetry.schema.MarkerDecoder;
import io.slipstream.telemetry.schema.PitChangedDecoder;
import io.slipstream.telemetry.schema.SectorCompletedDecoder;
import io.slipstream.telemetry.schema.SessionEndedDecoder;
import io.slipstream.telemetry.schema.SessionStartedDecoder;
import io.slipstream.telemetry.schema.SourceChangedDecoder;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes a session in which nobody is named: whoever is becomes {@code Driver 1} and so on, the same one everywhere. All other bytes
 * of every block stay, and all numbers and times. Names are replaced as well where they stand in markers, in where the block was
 * read, in the session's name and its metadata, and so is a home directory there; what else these say stays. Messages of kinds that
 * may name people and are none of a session's are left out. Goes over the session twice; single-threaded.
 */
public final class SessionAnonymiser {
    /** These hold no text about people. */
    private static final Set<Integer> NAMELESS = Set.of(
            SessionStartedDecoder.TEMPLATE_ID,
            SessionEndedDecoder.TEMPLATE_ID,
            LapCompletedDecoder.TEMPLATE_ID,
            SectorCompletedDecoder.TEMPLATE_ID,
            FlagChangedDecoder.TEMPLATE_ID,
            PitChangedDecoder.TEMPLATE_ID,
            GapDecoder.TEMPLATE_ID);

    private final SessionReader source;
    private final PersonFields fields;
    private final PersonNames names = new PersonNames();
    private final FrameRewriter rewriter = new FrameRewriter();
    private final TextEvents texts = new TextEvents();
    private long known;
    private long frames;
    private long events;
    private long damagedFrames;
    private long damagedMessages;
    private long unknown;

    /**
     * Prepares; nothing is read or written yet.
     *
     * @param source to make nameless; stays the caller's to close.
     * @param moreFields fields that name people, beside those of which the block format says so; {@code []} stands for every element.
     * @throws IOException if neither says where people are named, or there is no such text.
     */
    public SessionAnonymiser(SessionReader source, List<String> moreFields) throws IOException {
        this.source = source;
        this.fields = new PersonFields(source.format(), moreFields);
    }

    /**
     * Makes the session. May be called once.
     *
     * @param destination where the new session is to be.
     * @param keepPlayer leave the player's own name.
     * @param monitor looks on.
     * @return what was made.
     * @throws EditStoppedException if the monitor said so.
     * @throws IOException if there is no whole frame, or the session cannot be made.
     */
    public EditReport anonymise(Destination destination, boolean keepPlayer, EditMonitor monitor) throws IOException {
        collect(keepPlayer, monitor);
        try (NewSession made = NewSession.create(destination);
                SoundMessages messages = new SoundMessages(source)) {
            made.takeOver(source.path());
            copy(messages, made, monitor);
            final Path path = made.publish();
            final List<String> remarks = new ArrayList<>();
            remarks.add(names.count() + " people were named"
                    + (names.kept() == null ? "" : ", the player among them, who still is"));
            if (unknown > 0) {
                remarks.add(unknown + " messages that are none of a session's may name people, and were left out");
            }
            if (!source.info().finished()) {
                remarks.add(source.path() + " is unfinished: what is there was taken");
            }
            return new EditReport(path, made.info(), events, damagedFrames, damagedMessages + unknown, remarks);
        }
    }

    private void collect(boolean keepPlayer, EditMonitor monitor) throws IOException {
        final Pace pace = new Pace(monitor, source.startNs(), source.endNs());
        final PersonEraser eraser = new PersonEraser(fields, names);
        String player = "";
        try (SoundMessages messages = new SoundMessages(source)) {
            while (messages.next() != SoundMessages.Kind.END) {
                known++;
                if (messages.kind() == SoundMessages.Kind.FRAME) {
                    eraser.find(messages);
                    if (keepPlayer && player.isEmpty()) {
                        player = player(eraser.block());
                    }
                    pace.onFrame(messages.message().timestamp());
                }
            }
        }
        if (keepPlayer) {
            if (player.isEmpty()) {
                throw new IOException(
                        "nobody in " + source.path() + " is known to be the player: leave --keep-player out");
            }
            names.keep(player);
        }
    }

    /** Whom the camera follows when the session begins. */
    private String player(UnsafeBuffer block) {
        if (fields.player().isEmpty()) {
            return "";
        }
        final PlayerRule rule = fields.player().get();
        final long viewed = rule.viewed().integer(block, 0);
        if (viewed < 0 || viewed >= rule.participants().count()) {
            return "";
        }
        return source.format()
                .field(rule.participants().path() + "[" + viewed + "]."
                        + rule.name().name())
                .text(block, 0);
    }

    private void copy(SoundMessages messages, NewSession made, EditMonitor monitor) throws IOException {
        final Pace pace = new Pace(monitor, source.startNs(), source.endNs());
        final PersonEraser eraser = new PersonEraser(fields, names);
        SessionWriter writer = null;
        // What is recorded meanwhile may name people whom nobody has looked for.
        for (long left = known; left > 0 && messages.next() != SoundMessages.Kind.END; left--) {
            if (writer == null) {
                writer = made.begin(
                        messages.message().sourceId(), names.clean(source.info().name()), metadata());
            }
            switch (messages.kind()) {
                case FRAME -> {
                    final UnsafeBuffer block = eraser.erase(messages);
                    writer.write(
                            messages.frame().isKeyframe()
                                    ? rewriter.keyframe(
                                            messages,
                                            block,
                                            names.clean(messages.frame().origin()))
                                    : rewriter.delta(messages, block));
                    frames++;
                    pace.onFrame(messages.message().timestamp());
                }
                case EVENT -> onEvent(messages.message(), writer);
                case DAMAGED_FRAME -> damagedFrames++;
                default -> damagedMessages++;
            }
        }
        if (frames == 0) {
            throw new IOException("there is not one whole frame in " + source.path());
        }
    }

    private void onEvent(Message event, SessionWriter writer) {
        final boolean ours = event.schemaId() == KeyframeDecoder.SCHEMA_ID;
        final Message nameless = switch (ours ? event.templateId() : KeyframeDecoder.TEMPLATE_ID) {
            case MarkerDecoder.TEMPLATE_ID, SourceChangedDecoder.TEMPLATE_ID -> texts.cleaned(event, names);
            case KeyframeDecoder.TEMPLATE_ID -> null;
            default ->
                // A later version may have put a text behind what is known here.
                NAMELESS.contains(event.templateId()) && event.version() <= KeyframeDecoder.SCHEMA_VERSION
                        ? event
                        : null;
        };
        if (nameless == null) {
            unknown++;
        } else {
            writer.write(nameless);
            events++;
        }
    }

    private Map<String, String> metadata() {
        final SessionInfo info = source.info();
        final Map<String, String> clean = new LinkedHashMap<>();
        info.metadata().forEach((key, value) -> clean.put(names.clean(key), names.clean(value)));
        return History.with(clean, "anonymised");
    }
}
