package io.slipstream.replay.motec;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes an {@code .ldx} file: XML with the lap beacons in microseconds after the log's start, and three details about laps. The
 * lap times that i2 shows are the differences of the beacons.
 */
public final class LdxWriter {
    private LdxWriter() {}

    /**
     * Writes a file; one that is there is written over.
     *
     * @param file to write.
     * @param content of it.
     * @throws IOException if it cannot be written.
     */
    public static void write(Path file, LdxFile content) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("""
                    <?xml version="1.0"?>
                    <LDXFile Locale="C" DefaultLocale="C" Version="1.6">
                     <Layers>
                      <Layer>
                       <MarkerBlock>
                    """);
            out.write("    <MarkerGroup Name=\"Beacons\" Index=\""
                    + content.beacons().size() + "\">\n");
            for (LdxFile.Beacon beacon : content.beacons()) {
                out.write(String.format(
                        Locale.ROOT,
                        "     <Marker Version=\"100\" ClassName=\"BCN\" Name=\"%s\" Flags=\"77\" Time=\"%.15e\"/>\n",
                        escaped(beacon.name()),
                        beacon.micros()));
            }
            out.write("""
                        </MarkerGroup>
                       </MarkerBlock>
                       <RangeBlock/>
                      </Layer>
                      <Details>
                    """);
            detail(out, "Total Laps", content.totalLaps() < 0 ? "" : Integer.toString(content.totalLaps()));
            detail(out, "Fastest Time", Double.isNaN(content.fastestTime()) ? "" : time(content.fastestTime()));
            detail(out, "Fastest Lap", content.fastestLap() < 0 ? "" : Long.toString(content.fastestLap()));
            out.write("""
                      </Details>
                     </Layers>
                    </LDXFile>
                    """);
        }
    }

    private static void detail(Writer out, String id, String value) throws IOException {
        out.write("   <String Id=\"" + id + "\" Value=\"" + value + "\"/>\n");
    }

    /** As i2 writes it: {@code 1:38.087}. */
    private static String time(double seconds) {
        final long millis = Math.round(seconds * 1000);
        return String.format(Locale.ROOT, "%d:%02d.%03d", millis / 60_000, millis / 1000 % 60, millis % 1000);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
