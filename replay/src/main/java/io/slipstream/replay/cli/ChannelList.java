package io.slipstream.replay.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.slipstream.replay.channel.Channel;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Prints channels, as a table and as JSON. */
final class ChannelList {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ChannelList() {}

    static void table(PrintWriter out, List<Channel> channels, List<Channel> defaults) {
        final Set<Channel> exported = new HashSet<>(defaults);
        final int name = width("CHANNEL", channels.stream().map(Channel::name).toList());
        final int unit = width("UNIT", channels.stream().map(Channel::unit).toList());
        row(out, name, unit, "CHANNEL", "UNIT", "DEFAULT", "TITLE");
        for (Channel channel : channels) {
            row(
                    out,
                    name,
                    unit,
                    channel.name(),
                    channel.unit().isEmpty() ? "-" : channel.unit(),
                    exported.contains(channel) ? "yes" : "",
                    channel.title());
        }
    }

    private static int width(String heading, List<String> texts) {
        return texts.stream().mapToInt(String::length).reduce(heading.length(), Math::max);
    }

    private static void row(
            PrintWriter out, int nameWidth, int unitWidth, String name, String unit, String exported, String title) {
        out.printf(Locale.ROOT, "%-" + nameWidth + "s  %-" + unitWidth + "s  %-7s  %s%n", name, unit, exported, title);
    }

    static String json(List<Channel> channels, List<Channel> defaults) {
        final Set<Channel> exported = new HashSet<>(defaults);
        final ArrayNode array = JSON.createArrayNode();
        for (Channel channel : channels) {
            array.addObject()
                    .put("name", channel.name())
                    .put("title", channel.title())
                    .put("unit", channel.unit())
                    .put("type", channel.type().name().toLowerCase(Locale.ROOT))
                    .put("default", exported.contains(channel));
        }
        try {
            return JSON.writeValueAsString(array);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
