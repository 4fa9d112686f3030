package io.slipstream.replay.channel;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FieldType;
import io.slipstream.memory.format.FormatException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The numbers of a block as channels, by the paths of their fields and in the units in which they are stored. */
final class RawFields {
    /** Longer arrays are not listed, only found by path: they are buffers rather than numbers that somebody plots. */
    private static final int LISTED_ARRAY = 16;

    /** No export has more columns by a wildcard; a block may have a million numbers. */
    private static final int MAX_MATCHES = 4096;

    private static final int MAX_PATH = 1000;

    private final BlockFormat format;
    private final long version;
    private final boolean ownNames;
    private long unlisted;

    /**
     * Fields of a game's block, of whose values nothing is known, so that nothing is interpolated; or, with {@code ownNames}, of a
     * program that names its fields itself, as an imported log, where those that every session has are what they are elsewhere.
     */
    RawFields(BlockFormat format, long version, boolean ownNames) {
        this.format = format;
        this.version = version;
        this.ownNames = ownNames;
    }

    /** Every number that is not in a long array. */
    List<Channel> listed() {
        final List<Channel> channels = new ArrayList<>();
        for (Field field : format.fields()) {
            visit(field, LISTED_ARRAY, leaf -> {
                if (channels.size() < MAX_MATCHES) {
                    channels.add(channel(leaf));
                } else {
                    unlisted++;
                }
            });
        }
        return channels;
    }

    /** Numbers that are not listed because there are too many. */
    long unlisted() {
        return unlisted;
    }

    /** Numbers whose paths match a pattern. */
    List<Channel> matching(String pattern, Collection<String> names) {
        final List<Channel> channels = new ArrayList<>();
        if (pattern.length() <= MAX_PATH) {
            for (Field field : format.fields()) {
                visit(field, Integer.MAX_VALUE, leaf -> {
                    if (Wildcards.matches(pattern, leaf.path())) {
                        if (channels.size() == MAX_MATCHES) {
                            throw problem("'" + pattern + "' is more than " + MAX_MATCHES + " fields; narrow it");
                        }
                        channels.add(channel(leaf));
                    }
                });
            }
        }
        if (channels.isEmpty()) {
            throw unknown(pattern, names);
        }
        return channels;
    }

    /** The number at a path. */
    Channel byPath(String path, Collection<String> names) {
        if (path.length() > MAX_PATH || !format.has(path)) {
            throw unknown(path, names);
        }
        final Field field = format.field(path);
        if (field.since() > version) {
            throw problem("the field '" + path + "' is in blocks of version " + field.since()
                    + " and later, and this session's are of version " + version);
        }
        if (field.type() == FieldType.STRUCT || field.type().isText()) {
            throw problem("'" + path + "' is no number but "
                    + (field.type().isText() ? "a text" : "a struct; name a member of it"));
        }
        if (!field.dims().isEmpty()) {
            throw problem("'" + path + "' is " + field.count() + " numbers; name one as " + path + "[0]"
                    + ", or all as " + path + "[*]");
        }
        return channel(field);
    }

    private void visit(Field field, int longestArray, Consumer<Field> leaves) {
        if (field.since() > version || field.type().isText()) {
            return;
        }
        if (!field.dims().isEmpty()) {
            if (field.count() <= longestArray) {
                for (int i = 0; i < field.dims().getFirst(); i++) {
                    visit(format.field(field.path() + "[" + i + "]"), longestArray, leaves);
                }
            }
        } else if (field.type() == FieldType.STRUCT) {
            for (Field member : field.members()) {
                visit(member, longestArray, leaves);
            }
        } else {
            leaves.accept(field);
        }
    }

    private Channel channel(Field field) {
        final String path = field.path();
        return new FieldChannel(
                path,
                ownNames ? KnownChannels.titleOf(path) : path,
                field.unit(),
                type(field),
                Reading.stored(field),
                ownNames ? KnownChannels.jumpOf(path, field.unit()) : 0);
    }

    static ChannelType type(Field field) {
        return switch (field.type()) {
            case F32 -> ChannelType.FLOAT;
            // An unsigned one may be beyond a long.
            case F64, U64 -> ChannelType.DOUBLE;
            case I8, U8, I16, U16, I32, U32, I64, BOOL8 -> ChannelType.LONG;
            case CHAR8, CHAR16, STRUCT -> throw new IllegalArgumentException(field + " is no number");
        };
    }

    private FormatException unknown(String name, Collection<String> names) {
        final List<String> near = Wildcards.near(name, names);
        return problem("no channel and no field is called '" + shortened(name) + "'"
                + (near.isEmpty() ? "" : "; near it are " + String.join(", ", near))
                + "; --list-channels shows all");
    }

    private static String shortened(String name) {
        return name.length() > 60 ? name.substring(0, 57) + "..." : name;
    }

    private FormatException problem(String text) {
        return new FormatException(format.name(), 0, text);
    }
}
