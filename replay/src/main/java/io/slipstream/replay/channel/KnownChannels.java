package io.slipstream.replay.channel;

import io.slipstream.telemetry.formats.GameFormats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names and titles that every session shares, whichever program recorded it: those of the games' catalogue. A log of another
 * program that calls a channel by one of them, or by another name that means the same, has that channel. For any thread.
 */
public final class KnownChannels {
    /** What other programs call them, in lower case and with single blanks. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("speed", "speed"),
            Map.entry("lap", "lap_number"),
            Map.entry("vehicle speed", "speed"),
            Map.entry("rpm", "engine_speed"),
            Map.entry("rpms", "engine_speed"),
            Map.entry("engine speed", "engine_speed"),
            Map.entry("throttle", "throttle"),
            Map.entry("throttle position", "throttle"),
            Map.entry("brake", "brake"),
            Map.entry("brake position", "brake"),
            Map.entry("clutch", "clutch"),
            Map.entry("clutch position", "clutch"),
            Map.entry("gear position", "gear"),
            Map.entry("steering angle", "steering"),
            Map.entry("torque", "engine_torque"),
            Map.entry("g_lat", "g_force_lat"),
            Map.entry("g_lon", "g_force_long"),
            Map.entry("g force lon", "g_force_long"),
            Map.entry("oil temperature", "oil_temperature"),
            Map.entry("engine oil temp", "oil_temperature"),
            Map.entry("engine oil temperature", "oil_temperature"),
            Map.entry("coolant temp", "water_temperature"),
            Map.entry("water temperature", "water_temperature"),
            Map.entry("engine coolant temp", "water_temperature"),
            Map.entry("air temp", "ambient_temperature"),
            Map.entry("road temp", "track_temperature"),
            Map.entry("fuel", "fuel_level"),
            Map.entry("lap dist", "lap_distance"));

    private static final Map<String, Channel> BY_NAME = new HashMap<>();
    private static final Map<String, Channel> BY_TITLE = new HashMap<>();

    static {
        final String game = "pcars2";
        for (Channel channel : ChannelCatalogue.of(
                        GameFormats.load(game), GameFormats.load(game).newestVersion())
                .all()) {
            BY_NAME.put(channel.name(), channel);
            BY_TITLE.put(key(channel.title()), channel);
        }
    }

    private KnownChannels() {}

    /**
     * A channel that every session shares.
     *
     * @param name of it, its title, or what another program calls it; case and blanks do not matter.
     * @return name, title, unit and type of the channel, of which no value may be read; null for an unknown one.
     */
    public static Channel find(String name) {
        final String key = key(name);
        final Channel named = BY_NAME.get(key.replace(' ', '_'));
        if (named != null) {
            return named;
        }
        final Channel titled = BY_TITLE.get(key);
        return titled == null ? BY_NAME.get(OTHER_NAMES.getOrDefault(key, "")) : titled;
    }

    /**
     * Is this the very name of such a channel?
     *
     * @param name that may be one, in whatever case.
     * @return true if so.
     */
    public static boolean isName(String name) {
        return BY_NAME.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** The title of a channel that every session shares; any other name as it is. */
    static String titleOf(String name) {
        final Channel known = BY_NAME.get(name);
        return known == null ? name : known.title();
    }

    /** The greatest change in a unit that is a motion of a channel, which may be a known one by any of its names. */
    static double jumpOf(String name, String unit) {
        if (!(find(name) instanceof FieldChannel known) || known.jump() == Double.MAX_VALUE) {
            return Double.MAX_VALUE;
        }
        // In another unit nobody knows what a leap is, so nothing is interpolated.
        return known.unit().equals(unit) ? known.jump() : 0;
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_]+", " ");
    }

    /**
     * What people call a channel.
     *
     * @param name of it.
     * @return its title; of an unknown one its words, the first letters large; a field's path as it is.
     */
    public static String title(String name) {
        final Channel known = BY_NAME.get(name);
        if (known != null) {
            return known.title();
        }
        if (!name.matches("[a-z0-9]+(_[a-z0-9]+)*")) {
            return name;
        }
        final List<String> words = new ArrayList<>();
        for (String word : name.split("_", -1)) {
            words.add(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return String.join(" ", words);
    }
}
