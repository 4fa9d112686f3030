package io.slipstream.replay.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them: {@code 500MB}, {@code 2GiB}, {@code 1.5GB}; a bare number is bytes. */
final class Sizes implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([a-z]*)");
    private static final double LARGEST = 1e18;
    private static final Map<String, Double> UNITS = Map.ofEntries(
            Map.entry("", 1.0),
            Map.entry("b", 1.0),
            Map.entry("k", 1e3),
            Map.entry("kb", 1e3),
            Map.entry("m", 1e6),
            Map.entry("mb", 1e6),
            Map.entry("g", 1e9),
            Map.entry("gb", 1e9),
            Map.entry("t", 1e12),
            Map.entry("tb", 1e12),
            Map.entry("ki", 0x1p10),
            Map.entry("kib", 0x1p10),
            Map.entry("mi", 0x1p20),
            Map.entry("mib", 0x1p20),
            Map.entry("gi", 0x1p30),
            Map.entry("gib", 0x1p30),
            Map.entry("ti", 0x1p40),
            Map.entry("tib", 0x1p40));

    @Override
    public Long convert(String text) {
        return parse(text);
    }

    static long parse(String text) {
        final Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        final Double unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        final double bytes = unit == null ? Double.NaN : Double.parseDouble(matcher.group(1)) * unit;
        if (!(bytes <= LARGEST)) {
            throw new TypeConversionException("'" + text + "' is not a size: write it as 500MB, 2GiB, or bytes");
        }
        return Math.round(bytes);
    }
}
