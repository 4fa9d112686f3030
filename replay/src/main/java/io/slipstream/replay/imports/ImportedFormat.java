package io.slipstream.replay.imports;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.KnownChannels;
import io.slipstream.telemetry.block.BlockDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.agrona.MutableDirectBuffer;

/**
 * The block format of an imported log: a field a channel, after a sequence number as games have it, so that
 * playing it into a block works as with any. A channel that every session has, by its name, its title or another program's
 * name for it, gets that name, and that unit where the values can be converted; one whose unit nobody knows keeps its own name.
 */
final class ImportedFormat {
    /** What recordings call it. No game's: the session brings it along. */
    static final String NAME = "imported";

    /** Of such blocks there is one version. */
    static final int VERSION = 0;

    private static final String SEQUENCE_FIELD = "block_sequence";
    private static final String WHOLE_UNSET = "-9223372036854775808";
    private static final int LONGEST_NAME = 60;

    /** What tables of samples have in every session. */
    private static final Set<String> TAKEN =
            Set.of("time", "timestamp", "lap", "lap_time", "frame", "session", SEQUENCE_FIELD);

    /** A channel with its place. */
    private record Member(String name, String title, String from, String unit, LogChannel.Stored stored) {}

    private final String text;
    private final BlockFormat format;
    private final List<Member> members;
    private final List<String> remarks;
    private final int[] offsets;
    private final int sequenceOffset;

    private ImportedFormat(String text, BlockFormat format, List<Member> members, List<String> remarks) {
        this.text = text;
        this.format = format;
        this.members = members;
        this.remarks = List.copyOf(remarks);
        this.offsets = members.stream()
                .map(member -> format.field(member.name()))
                .mapToInt(Field::offset)
                .toArray();
        this.sequenceOffset = format.field(SEQUENCE_FIELD).offset();
    }

    /** The format of a file's channels; of one that Slipstream wrote, the units need not be named. */
    static ImportedFormat of(String fileName, List<LogChannel> channels, boolean ours) throws ImportException {
        final List<String> remarks = new ArrayList<>();
        final List<Member> members = members(channels, ours, remarks);
        final String text = text(fileName, members);
        final BlockFormat format = BlockFormat.parse(fileName + "'s " + NAME + " format", text);
        if (format.length(VERSION) > BlockDescriptor.MAX_FRAME_LENGTH) {
            throw new ImportException(fileName + " has " + channels.size() + " channels, more than the "
                    + BlockDescriptor.MAX_FRAME_LENGTH + " bytes of a recorded block hold; take some out");
        }
        return new ImportedFormat(text, format, members, remarks);
    }

    private static List<Member> members(List<LogChannel> channels, boolean ours, List<String> remarks) {
        final Set<String> taken = new HashSet<>(TAKEN);
        final List<Member> members = new ArrayList<>();
        int assumed = 0;
        for (LogChannel channel : channels) {
            final Channel known = KnownChannels.find(channel.title());
            final String named = LogUnits.canonical(channel.unit());
            final String unit =
                    named.isEmpty() && known != null && endsWith(channel.title(), known.unit()) ? known.unit() : named;
            final boolean unitMissing = known != null && !known.unit().isEmpty() && unit.isEmpty();
            if (known != null
                    && fits(known.unit(), unit, ours)
                    && taken.add(known.name().toLowerCase(Locale.ROOT))) {
                members.add(new Member(
                        known.name(),
                        channel.title(),
                        known.unit().isEmpty() || unit.isEmpty() ? known.unit() : unit,
                        known.unit(),
                        stored(channel, known, unit)));
                assumed += unitMissing ? 1 : 0;
            } else {
                final String name = unique(channel.title(), taken);
                members.add(new Member(name, channel.title(), unit, unit, channel.stored()));
                if (unitMissing && !ours) {
                    remarks.add("'" + printable(channel.title()) + "' names no unit: it is kept as " + name
                            + ", and not taken for " + known.name() + " in " + known.unit());
                }
            }
        }
        if (assumed > 0) {
            remarks.add(assumed + " channels name no unit and are taken to be in Slipstream's own, as its exports are"
                    + " without --units");
        }
        return members;
    }

    /** {@code Engine RPM} says what it is in. */
    private static boolean endsWith(String title, String unit) {
        final String[] words = title.strip().toLowerCase(Locale.ROOT).split("[\\s_]+", -1);
        final String last = words[words.length - 1];
        return !unit.isEmpty() && (last.equals(unit) || last.equals(unit + "s"));
    }

    /** A channel that has no unit by nature may be called to have any; one that has, must name it. */
    private static boolean fits(String known, String unit, boolean ours) {
        return known.isEmpty() || (unit.isEmpty() ? ours : LogUnits.converts(unit, known));
    }

    private static LogChannel.Stored stored(LogChannel channel, Channel known, String unit) {
        final boolean converted = !known.unit().isEmpty() && !unit.isEmpty() && !unit.equals(known.unit());
        if (converted || (channel.stored() == LogChannel.Stored.WHOLE && known.type() != ChannelType.LONG)) {
            return LogChannel.Stored.DOUBLE;
        }
        return channel.stored();
    }

    private static String unique(String title, Set<String> taken) {
        String name = title.matches("[a-z_][A-Za-z0-9_]*")
                ? title
                : title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            name = "channel_" + name;
        }
        name = name.substring(0, Math.min(LONGEST_NAME, name.length()));
        String free = name;
        // A name that every session has means one thing, in one unit.
        for (int i = 2; KnownChannels.isName(free) || !taken.add(free.toLowerCase(Locale.ROOT)); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    private static String text(String fileName, List<Member> members) {
        final StringBuilder body = new StringBuilder();
        final Set<String> units = new LinkedHashSet<>();
        for (Member member : members) {
            body.append(
                            switch (member.stored()) {
                                case SINGLE -> "  f32 ";
                                case DOUBLE -> "  f64 ";
                                case WHOLE -> "  i64 ";
                            })
                    .append(member.name());
            if (!member.unit().isEmpty()) {
                units.add(member.unit());
                body.append(" unit ").append(member.unit());
            }
            if (member.stored() == LogChannel.Stored.WHOLE) {
                body.append(" unset ").append(WHOLE_UNSET);
            }
            body.append("  # ").append(printable(member.title())).append('\n');
        }
        final StringBuilder text = new StringBuilder("# Made from the channels of an imported log.\n");
        text.append("format ")
                .append(NAME)
                .append(" \"Imported log ")
                .append(printable(fileName))
                .append("\"\n");
        text.append("consistency seqlock ").append(SEQUENCE_FIELD).append('\n');
        for (String unit : units) {
            text.append(LogUnits.declaration(unit)).append('\n');
        }
        return text.append("object log \"slipstream-import\"\n")
                .append("  u32 " + SEQUENCE_FIELD + "\n")
                .append(body)
                .append("end\n")
                .toString();
    }

    private static String printable(String text) {
        final String line = text.replaceAll("[\\p{Cntrl}\"]", "?");
        return line.substring(0, Math.min(100, line.length()));
    }

    /** What was assumed of units, and what was not, a line each. */
    List<String> remarks() {
        return remarks;
    }

    /** In the language of formats. */
    String text() {
        return text;
    }

    BlockFormat format() {
        return format;
    }

    int length() {
        return format.length(VERSION);
    }

    /** Fills a block with a row. */
    void write(MutableDirectBuffer block, long sequence, IntToDoubleFunction values) {
        block.putInt(sequenceOffset, (int) sequence);
        for (int i = 0; i < offsets.length; i++) {
            final Member member = members.get(i);
            final double value = values.applyAsDouble(i);
            switch (member.stored()) {
                case SINGLE -> block.putFloat(offsets[i], (float) value);
                case DOUBLE -> block.putDouble(offsets[i], LogUnits.convert(value, member.from(), member.unit()));
                case WHOLE -> block.putLong(offsets[i], Double.isNaN(value) ? Long.MIN_VALUE : (long) value);
            }
        }
    }
}
