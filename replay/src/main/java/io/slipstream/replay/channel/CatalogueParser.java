package io.slipstream.replay.channel;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code .channels} file, whose language its own first lines describe. */
final class CatalogueParser {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final String[] WHEEL_NAMES = {"_fl", "_fr", "_rl", "_rr"};
    private static final String[] WHEEL_TITLES = {" FL", " FR", " RL", " RR"};
    private static final String WHEEL = "[wheel]";
    private static final int FIRST_ATTRIBUTE = 5;

    private final String file;
    private final BlockFormat format;
    private final long version;
    private final FieldExpression expressions;
    private final Map<String, UnitConversion> units = new LinkedHashMap<>();
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final List<Channel> defaults = new ArrayList<>();
    private int line;

    CatalogueParser(String file, BlockFormat format, long version) {
        this.file = file;
        this.format = format;
        this.version = version;
        this.expressions = new FieldExpression(format, version);
    }

    void parse(String text) {
        for (String one : text.split("\n", -1)) {
            line++;
            final List<String> words = words(one);
            if (!words.isEmpty()) {
                statement(words);
            }
        }
    }

    /** Name to channel, in the file's order. */
    Map<String, Channel> channels() {
        return channels;
    }

    List<Channel> defaults() {
        return defaults;
    }

    private static List<String> words(String text) {
        final int comment = text.indexOf('#');
        final Matcher matcher = WORD.matcher(comment < 0 ? text : text.substring(0, comment));
        final List<String> words = new ArrayList<>();
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    private void statement(List<String> words) {
        switch (words.getFirst()) {
            case "unit" -> unit(words);
            case "channel" -> channel(words, "", "", "");
            case "wheels" -> {
                for (int wheel = 0; wheel < WHEEL_NAMES.length; wheel++) {
                    channel(words, WHEEL_NAMES[wheel], WHEEL_TITLES[wheel], "[" + wheel + "]");
                }
            }
            default -> throw problem("'" + words.getFirst() + "' is no statement; write unit, channel or wheels");
        }
    }

    private void unit(List<String> words) {
        if (words.size() != 5) {
            throw problem("a unit is: unit SHOWN SI FACTOR OFFSET");
        }
        units.put(
                words.get(1),
                new UnitConversion(words.get(1), words.get(2), number(words.get(3)), number(words.get(4))));
    }

    private void channel(List<String> words, String nameEnd, String titleEnd, String wheel) {
        if (words.size() < FIRST_ATTRIBUTE) {
            throw problem("a channel is: channel NAME \"TITLE\" UNIT FIELDS");
        }
        final String name = words.get(1) + nameEnd;
        final String text = wheel.isEmpty() ? words.get(4) : words.get(4).replace(WHEEL, wheel);
        if (!expressions.isIn(text)) {
            return;
        }
        boolean isDefault = false;
        boolean own = false;
        double jump = Double.MAX_VALUE;
        for (int i = FIRST_ATTRIBUTE; i < words.size(); i++) {
            switch (words.get(i)) {
                case "default" -> isDefault = true;
                case "own" -> own = true;
                case "jump" -> jump = number(++i < words.size() ? words.get(i) : "");
                default -> throw problem("'" + words.get(i) + "' is no attribute; write default, own or jump N");
            }
        }
        final UnitConversion unit = unitOf(words.get(3));
        final List<Field> fields = expressions.fields(text);
        if (fields.size() == 1 && !fields.getFirst().siUnit().equals(unit.si())) {
            throw problem(name + " is in " + unit.si() + " and its field in "
                    + fields.getFirst().siUnit());
        }
        final Reading reading = expressions.reading(text, unit, own);
        final Channel made =
                new FieldChannel(name, words.get(2) + titleEnd, unit.shown(), type(fields, unit), reading, jump);
        if (channels.put(name, made) != null) {
            throw problem("there are two channels " + name);
        }
        if (isDefault) {
            defaults.add(made);
        }
    }

    private UnitConversion unitOf(String name) {
        return name.equals("-") ? UnitConversion.none("") : units.getOrDefault(name, UnitConversion.none(name));
    }

    private static ChannelType type(List<Field> fields, UnitConversion unit) {
        boolean single = true;
        for (Field field : fields) {
            single &= field.type().size() <= Float.BYTES;
        }
        final ChannelType first = RawFields.type(fields.getFirst());
        if (fields.size() == 1 && first == ChannelType.LONG && unit.factor() == 1 && unit.offset() == 0) {
            return first;
        }
        return single ? ChannelType.FLOAT : ChannelType.DOUBLE;
    }

    private double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw problem("'" + text + "' is no number");
        }
    }

    private FormatException problem(String text) {
        return new FormatException(file, line, text);
    }

    @Override
    public String toString() {
        return file + " for " + format.name() + " version " + version;
    }
}
