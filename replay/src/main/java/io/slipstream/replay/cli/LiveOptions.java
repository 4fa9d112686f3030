package io.slipstream.replay.cli;

import io.slipstream.memory.SharedMemoryException;
import io.slipstream.telemetry.formats.GameFormats;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which live queue: what {@code save} and {@code mark} have in common. */
final class LiveOptions {
    @ArgGroup(multiplicity = "0..1")
    private Place place = new Place();

    /** By its block, or by where it is. */
    static final class Place {
        @Option(
                names = "--block",
                paramLabel = "BLOCK",
                description =
                        "The block that is bridged, as 'slipstream bridge' or 'record' was told (default: the game's).")
        private String block;

        @Option(
                names = "--live",
                paramLabel = "DIR",
                description = "The live queue (default: ~/.local/share/slipstream/live/BLOCK).")
        private Path live;
    }

    LiveDirectory directory() throws SharedMemoryException {
        if (place.live != null) {
            return new LiveDirectory(place.live);
        }
        final String block = place.block == null
                ? GameFormats.load(BlockOptions.DEFAULT_FORMAT).objectName()
                : place.block;
        return new LiveDirectory(Places.live(BlockNames.of(block)));
    }
}
