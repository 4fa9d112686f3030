package io.slipstream.telemetry.formats;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The formats that come with Slipstream, by name. For any thread. */
public final class GameFormats {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Map<String, BlockFormat> LOADED = new ConcurrentHashMap<>();

    private GameFormats() {}

    /**
     * A format that comes with Slipstream. Parsed once.
     *
     * @param name of the format: {@code pcars2}.
     * @return the format.
     * @throws FormatException where there is no such format.
     */
    public static BlockFormat load(final String name) {
        if (!NAME.matcher(name).matches()) {
            throw new FormatException(name, 0, "no name of a format; use letters, digits, _ and -, as in pcars2");
        }
        return LOADED.computeIfAbsent(name, GameFormats::loadResource);
    }

    private static BlockFormat loadResource(final String name) {
        final String file = name + ".format";
        try (InputStream in = GameFormats.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new FormatException(
                        file, 0, "no such format comes with Slipstream; for one of your own give its file's path");
            }
            return BlockFormat.parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new FormatException(
                    file, 0, "the format could not be read from the program's own archive: " + e.getMessage());
        }
    }
}
