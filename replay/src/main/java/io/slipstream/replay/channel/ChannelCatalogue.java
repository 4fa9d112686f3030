package io.slipstream.replay.channel;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The channels that a session has. Those of a game's format are named in a text that comes with Slipstream; any other format has a
 * channel for each of its numbers, by the field's own name and in its own unit.
 *
 * <p><b>Threads:</b> one. Make one for each session and each who reads it: channels of the player keep in mind who that is.
 */
public final class ChannelCatalogue {
    private final RawFields raw;
    private final Map<String, Channel> all;
    private final List<Channel> defaults;

    private ChannelCatalogue(RawFields raw, Map<String, Channel> all, List<Channel> defaults) {
        this.raw = raw;
        this.all = all;
        this.defaults = List.copyOf(defaults);
    }

    /**
     * The channels of a format.
     *
     * @param format of the blocks.
     * @param version that the blocks state; fields of later ones have no channel.
     * @return a new catalogue.
     */
    public static ChannelCatalogue of(BlockFormat format, long version) {
        final String file = format.name() + ".channels";
        try (InputStream in = ChannelCatalogue.class.getResourceAsStream(file)) {
            if (in == null) {
                return ofFields(format, version);
            }
            final CatalogueParser parser = new CatalogueParser(file, format, version);
            parser.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return new ChannelCatalogue(new RawFields(format, version, false), parser.channels(), parser.defaults());
        } catch (IOException e) {
            throw new FormatException(
                    file, 0, "the channels could not be read from the program's own archive: " + e.getMessage());
        }
    }

    private static ChannelCatalogue ofFields(BlockFormat format, long version) {
        final RawFields raw = new RawFields(format, version, true);
        final Map<String, Channel> channels = new LinkedHashMap<>();
        // What only says whether a block is whole is no channel.
        final Set<String> bookkeeping = new HashSet<>();
        format.consistency().fields().forEach(field -> bookkeeping.add(field.path()));
        for (Channel channel : raw.listed()) {
            if (!bookkeeping.contains(channel.name())) {
                channels.put(channel.name(), channel);
            }
        }
        return new ChannelCatalogue(raw, channels, List.copyOf(channels.values()));
    }

    /**
     * Every named channel.
     *
     * @return unmodifiable, in the catalogue's order.
     */
    public List<Channel> all() {
        return List.copyOf(all.values());
    }

    /**
     * What is exported where nobody chose.
     *
     * @return unmodifiable, in the catalogue's order.
     */
    public List<Channel> defaults() {
        return defaults;
    }

    /**
     * Numbers of the block that have no channel because there are too many; {@link #select} finds them by path.
     *
     * @return count, 0 for a game with a catalogue.
     */
    public long unlisted() {
        return raw.unlisted();
    }

    /**
     * Channels by name. A name that the catalogue does not have is looked for among the fields of the block. {@code *} stands for
     * any letters; it looks among the names, and among the fields where no name matches.
     *
     * @param patterns {@code speed}, {@code tyre_*}, {@code mTyreTemp[0]}, {@code mParticipantInfo[*].mRacePosition}.
     * @return the channels in the order of the patterns, each once.
     * @throws FormatException for a pattern that matches nothing, with names near it.
     */
    public List<Channel> select(List<String> patterns) {
        final Map<String, Channel> selected = new LinkedHashMap<>();
        for (String pattern : patterns) {
            for (Channel channel : matches(pattern)) {
                selected.putIfAbsent(channel.name(), channel);
            }
        }
        return List.copyOf(selected.values());
    }

    private List<Channel> matches(String pattern) {
        final Channel named = all.get(pattern);
        if (named != null) {
            return List.of(named);
        }
        if (pattern.indexOf('*') < 0) {
            return List.of(raw.byPath(pattern, all.keySet()));
        }
        final List<Channel> found = new ArrayList<>();
        for (Channel channel : all.values()) {
            if (Wildcards.matches(pattern, channel.name())) {
                found.add(channel);
            }
        }
        return found.isEmpty() ? raw.matching(pattern, all.keySet()) : found;
    }
}
