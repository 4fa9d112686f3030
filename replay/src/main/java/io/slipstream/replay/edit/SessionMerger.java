package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.RecordingPlan;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Joins sessions of one format into a new one, in order of time. Where they overlap, what is in several of them is taken once; they
 * must be of one recording there, as parts of it or copies are. Parts that were cut from a session and touch become that session
 * again. Single-threaded.
 */
public final class SessionMerger {
    private static final long GAP_NS = 1_000_000_000L;

    private final List<SessionReader> sources;
    private long events;
    private long damagedFrames;
    private long damagedMessages;

    /**
     * Prepares a merge; nothing is read or written yet.
     *
     * @param sources to join, in any order; stay the caller's to close.
     * @throws IOException if one has no frame, or they are not of one format.
     */
    public SessionMerger(List<SessionReader> sources) throws IOException {
        this.sources = sources.stream()
                .sorted(Comparator.comparingLong(SessionReader::startNs))
                .toList();
        if (sources.isEmpty()) {
            throw new IOException("no session to merge: name at least one");
        }
        final SessionReader first = this.sources.getFirst();
        for (SessionReader source : this.sources) {
            if (source.info().frames() == 0) {
                throw new IOException(source.path() + " holds no frame: leave it out");
            }
            if (!source.info().format().equals(first.info().format())) {
                throw new IOException(source.path() + " has blocks of the format "
                        + source.info().format() + ", and " + first.path() + " of "
                        + first.info().format() + ": only sessions of one format can be merged");
            }
        }
    }

    /**
     * Merges. May be called once.
     *
     * @param destination where the new session is to be.
     * @param name the new session's own; empty for the first one's.
     * @param monitor looks on.
     * @return what was made.
     * @throws EditStoppedException if the monitor said so.
     * @throws IOException if the sessions contradict each other where they overlap, or the session cannot be made.
     */
    public EditReport merge(Destination destination, String name, EditMonitor monitor) throws IOException {
        final List<MergeSource> inputs = new ArrayList<>();
        try (NewSession made = NewSession.create(destination)) {
            for (SessionReader source : sources) {
                made.takeOver(source.path());
                inputs.add(new MergeSource(source));
            }
            join(inputs, made, name.isEmpty() ? sources.getFirst().info().name() : name, monitor);
            final Path path = made.publish();
            return new EditReport(path, made.info(), events, damagedFrames, damagedMessages, remarks());
        } finally {
            inputs.forEach(MergeSource::close);
        }
    }

    private void join(List<MergeSource> inputs, NewSession made, String name, EditMonitor monitor) throws IOException {
        final Pace pace = new Pace(
                monitor,
                sources.getFirst().startNs(),
                sources.stream().mapToLong(SessionReader::endNs).max().orElseThrow());
        final SeenEvents seen = new SeenEvents(inputs.size());
        final FrameOrder order = new FrameOrder();
        for (MergeSource input : inputs) {
            skipDamaged(input);
        }
        SessionWriter writer = null;
        FrameCopier copier = null;
        for (MergeSource next = earliest(inputs); next != null; next = earliest(inputs)) {
            final Message message = next.messages().message();
            if (writer == null) {
                writer = made.begin(message.sourceId(), name, metadata());
                copier = new FrameCopier(writer);
            }
            if (next.messages().kind() == SoundMessages.Kind.FRAME) {
                if (order.isNew(next)) {
                    copier.write(next.messages());
                }
                pace.onFrame(message.timestamp());
            } else if (seen.isNew(message, inputs.indexOf(next))) {
                writer.write(message);
                events++;
            }
            next.messages().next();
            skipDamaged(next);
        }
    }

    private void skipDamaged(MergeSource input) throws IOException {
        final SoundMessages messages = input.messages();
        if (messages.message() == null) {
            messages.next();
        }
        while (true) {
            switch (messages.kind()) {
                case DAMAGED_FRAME -> damagedFrames++;
                case DAMAGED_MESSAGE -> damagedMessages++;
                default -> {
                    return;
                }
            }
            messages.next();
        }
    }

    /** Whose message comes next; null where none has one. */
    private static MergeSource earliest(List<MergeSource> inputs) {
        MergeSource earliest = null;
        for (MergeSource input : inputs) {
            if (input.messages().kind() != SoundMessages.Kind.END && (earliest == null || input.isBefore(earliest))) {
                earliest = input;
            }
        }
        return earliest;
    }

    /** What all agree on stays; where they differ, every value is kept. */
    private Map<String, String> metadata() {
        final Map<String, List<String>> values = new LinkedHashMap<>();
        for (SessionReader source : sources) {
            source.info().metadata().forEach((key, value) -> {
                // What is joined again is no part.
                if (key.equals(RecordingPlan.PART) || key.equals(RecordingPlan.PART_OF)) {
                    return;
                }
                final List<String> known = values.computeIfAbsent(key, k -> new ArrayList<>());
                if (!known.contains(value)) {
                    known.add(value);
                }
            });
        }
        final Map<String, String> metadata = new LinkedHashMap<>();
        values.forEach((key, all) -> metadata.put(key, String.join(" | ", all)));
        final String step = "merged from "
                + sources.stream().map(source -> History.name(source.path())).collect(Collectors.joining(", "));
        return History.with(metadata, step);
    }

    private List<String> remarks() {
        final List<String> remarks = new ArrayList<>();
        long end = Long.MAX_VALUE;
        for (SessionReader source : sources) {
            final SessionInfo info = source.info();
            if (!info.finished()) {
                remarks.add(source.path() + " is unfinished: what is there was taken");
            }
            if (end < source.startNs() - GAP_NS) {
                remarks.add(String.format(
                        "nothing was recorded in the %.1f s before %s", (source.startNs() - end) / 1e9, source.path()));
            }
            end = end == Long.MAX_VALUE ? source.endNs() : Math.max(end, source.endNs());
        }
        return remarks;
    }
}
