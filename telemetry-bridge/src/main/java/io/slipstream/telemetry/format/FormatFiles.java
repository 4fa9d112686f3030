package io.slipstream.telemetry.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where formats come from. For any thread. */
final class FormatFiles {
    private static final String FOLDER = "/io/slipstream/telemetry/formats/";
    private static final int LONGEST_FILE = 4 << 20;
    private static final Map<String, BlockFormat> LOADED = new ConcurrentHashMap<>();

    private FormatFiles() {}

    static BlockFormat load(final String name) {
        if (!Line.isName(name)) {
            throw new FormatException(name, 0, "no name of a format; use letters, digits, _ and -, as in pcars2");
        }
        return LOADED.computeIfAbsent(name, FormatFiles::loadResource);
    }

    private static BlockFormat loadResource(final String name) {
        final String file = name + ".format";
        try (InputStream in = FormatFiles.class.getResourceAsStream(FOLDER + file)) {
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

    static BlockFormat read(final Path file) throws IOException {
        final long size = Files.size(file);
        if (size > LONGEST_FILE) {
            throw new FormatException(
                    file.toString(), 0, "a file of " + size + " bytes is no format; give the .format file");
        }
        return BlockFormat.parse(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }
}
