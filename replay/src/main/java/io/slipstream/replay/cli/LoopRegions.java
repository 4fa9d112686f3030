package io.slipstream.replay.cli;

import io.slipstream.replay.player.LoopRegion;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Regions as people write them: {@code 10s..25.5s}, after the session's start. */
final class LoopRegions implements ITypeConverter<LoopRegion> {
    private static final String BETWEEN = "..";

    @Override
    public LoopRegion convert(String text) {
        final int at = text.indexOf(BETWEEN);
        if (at < 0) {
            throw new TypeConversionException("'" + text + "' is no region: write it as 10s..25.5s");
        }
        try {
            return new LoopRegion(
                    Durations.parse(text.substring(0, at)).toNanos(),
                    Durations.parse(text.substring(at + BETWEEN.length())).toNanos());
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
