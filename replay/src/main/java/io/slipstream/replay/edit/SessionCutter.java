package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.LongHashSet;

/**
 * Cuts stretches of a session out into a new one: their frames byte for byte, with their numbers and times, and the messages that
 * belong to them as the package says. Single-threaded.
 */
public final class SessionCutter {
    /** A lap's time may be written so long after the line at the most. */
    private static final long SETTLED_NS = 10_000_000_000L;

    private final SessionReader source;
    private final List<TimeRange> ranges;
    private final LapEnds lapEnds = new LapEnds();
    private int range;
    private boolean inside;
    private long frames;
    private long events;
    private long damagedFrames;
    private long damagedMessages;

    /**
     * Prepares a cut; nothing is read or written yet.
     *
     * @param source to cut from; stays the caller's to close.
     * @param ranges of frames, by their capture times; in any order, those that overlap count once.
     */
    public SessionCutter(SessionReader source, List<TimeRange> ranges) {
        this.source = source;
        this.ranges = TimeRange.united(ranges);
    }

    /**
     * Cuts. May be called once.
     *
     * @param destination where the new session is to be.
     * @param name the new session's own; empty for the source's.
     * @param monitor looks on.
     * @return what was made.
     * @throws EditStoppedException if the monitor said so.
     * @throws IOException if there is no whole frame in the ranges, or the session cannot be made.
     */
    public EditReport cut(Destination destination, String name, EditMonitor monitor) throws IOException {
        final SessionInfo info = source.info();
        try (NewSession made = NewSession.create(destination);
                SoundMessages messages = new SoundMessages(before(), new LongHashSet())) {
            made.takeOver(source.path());
            copy(messages, made, name.isEmpty() ? info.name() : name, monitor);
            final Path path = made.publish();
            final List<String> remarks = new ArrayList<>();
            if (!info.finished()) {
                remarks.add(source.path() + " is unfinished: what is there was cut");
            }
            return new EditReport(path, made.info(), events, damagedFrames, damagedMessages, remarks);
        }
    }

    private void copy(SoundMessages messages, NewSession made, String name, EditMonitor monitor) throws IOException {
        final Pace pace = new Pace(monitor, source.startNs(), lastNs());
        SessionWriter writer = null;
        FrameCopier copier = null;
        inside = !ranges.isEmpty() && ranges.getFirst().contains(source.startNs());
        while (messages.next() != SoundMessages.Kind.END
                && !isOver(messages.message().timestamp())) {
            if (writer == null) {
                writer = made.begin(
                        messages.message().sourceId(),
                        name,
                        History.with(source.info().metadata(), History.cut(source.path(), source.info(), ranges)));
                copier = new FrameCopier(writer);
            }
            switch (messages.kind()) {
                case FRAME, DAMAGED_FRAME -> onFrame(messages, copier, pace);
                case EVENT -> onEvent(messages.message(), writer);
                default -> damagedMessages += inside ? 1 : 0;
            }
        }
        if (frames == 0) {
            throw new IOException("there is no " + (damagedFrames > 0 ? "whole " : "") + "frame of " + source.path()
                    + " in what is to be cut out: widen it");
        }
    }

    /** A keyframe before the first range, so that what comes in between is known to be outside of it. */
    private MessageCursor before() {
        return ranges.isEmpty()
                ? source.messages()
                : source.messagesBefore(ranges.getFirst().fromNs());
    }

    private long lastNs() {
        return ranges.isEmpty()
                ? source.endNs()
                : Math.min(source.endNs(), ranges.getLast().toNs());
    }

    /** Behind the last range, where no lap that ends in it can still get its time. */
    private boolean isOver(long timestamp) {
        return range >= ranges.size()
                && (ranges.isEmpty()
                        || timestamp - SETTLED_NS > ranges.getLast().toNs());
    }

    private void onFrame(SoundMessages messages, FrameCopier copier, Pace pace) throws IOException {
        final long timestamp = messages.message().timestamp();
        while (range < ranges.size() && timestamp >= ranges.get(range).toNs()) {
            range++;
        }
        inside = range < ranges.size() && ranges.get(range).contains(timestamp);
        if (messages.kind() == SoundMessages.Kind.FRAME) {
            lapEnds.onFrame(messages.frameNumber(), messages.sinceKeyframe() == 0, inside);
        }
        if (inside && messages.kind() == SoundMessages.Kind.FRAME) {
            copier.write(messages);
            frames++;
        } else if (inside) {
            damagedFrames++;
        }
        pace.onFrame(timestamp);
    }

    private void onEvent(Message event, SessionWriter writer) {
        final long nextLapsFrame = lapEnds.nextLapsFrame(event);
        if (nextLapsFrame == LapEnds.NONE ? inside : lapEnds.belongs(nextLapsFrame)) {
            writer.write(event);
            events++;
        }
    }
}
