package io.slipstream.replay.sql;

import io.slipstream.memory.format.FormatException;
import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sessions of a database: each was opened once, to know its summary and its channels, and closed again.
 *
 * @param sessions that could be read.
 * @param unreadable why others could not, by path.
 */
record OpenedSessions(List<OpenedSession> sessions, Map<Path, String> unreadable) {
    /**
     * Opens sessions.
     *
     * @param paths of them.
     * @param patterns of channels besides the default ones; each has to match in one session at least.
     */
    static OpenedSessions of(List<Path> paths, List<String> patterns) {
        final OpenedSessions opened = new OpenedSessions(new ArrayList<>(), new LinkedHashMap<>());
        final Set<String> unmatched = new LinkedHashSet<>(patterns);
        FormatException problem = null;
        for (Path path : paths) {
            try (SessionReader reader = SessionReader.open(path)) {
                final ChannelCatalogue catalogue =
                        ChannelCatalogue.of(reader.format(), reader.info().formatVersion());
                final Map<String, Channel> channels = new LinkedHashMap<>();
                catalogue.defaults().forEach(channel -> channels.put(channel.name(), channel));
                for (String pattern : patterns) {
                    try {
                        catalogue.select(List.of(pattern)).forEach(channel -> channels.put(channel.name(), channel));
                        unmatched.remove(pattern);
                    } catch (FormatException e) {
                        problem = e;
                    }
                }
                opened.sessions.add(
                        new OpenedSession(opened.name(path), path, reader.info(), List.copyOf(channels.values())));
            } catch (UncheckedIOException e) {
                opened.unreadable.put(path, e.getCause().getMessage());
            } catch (IOException | RuntimeException e) {
                opened.unreadable.put(path, e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
        if (!unmatched.isEmpty() && problem != null) {
            throw problem;
        }
        return opened;
    }

    /** The directory's name, or all of its path where another session has that name. */
    private String name(Path path) {
        final Path whole = path.toAbsolutePath().normalize();
        final String name = whole.getFileName().toString();
        return sessions.stream().anyMatch(session -> session.name().equals(name)) ? whole.toString() : name;
    }
}
