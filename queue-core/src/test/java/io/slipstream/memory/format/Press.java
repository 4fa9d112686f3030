package io.slipstream.memory.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The block of a made-up program, which has something of everything that the language knows. */
final class Press {
    static final BlockFormat FORMAT = BlockFormat.parse("press.format", text());

    private Press() {}

    static String text() {
        try (InputStream in = Press.class.getResourceAsStream("press.format")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
