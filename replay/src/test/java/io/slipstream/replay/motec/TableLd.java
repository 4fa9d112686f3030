package io.slipstream.replay.motec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads .ld files by the published table of the layout, with its numbers written out here: nothing is shared with the code under
 * test, so that both cannot be wrong in the same way.
 */
public final class TableLd {
    /** What the table calls a channel. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by its content only.
    public record Meta(
            String name, String shortName, String unit, int typeA, int typeB, int hz, int counter, float[] values) {}

    public final ByteBuffer file;
    public final int metaPointer;
    public final int dataPointer;
    public final int eventPointer;
    public final int channelCount;
    public final Map<String, Meta> channels = new LinkedHashMap<>();
    public final List<Integer> previous = new ArrayList<>();

    public TableLd(final Path path) throws IOException {
        file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        metaPointer = file.getInt(8);
        dataPointer = file.getInt(12);
        eventPointer = file.getInt(36);
        channelCount = file.getInt(86);
        int at = metaPointer;
        while (at != 0) {
            final Meta meta = meta(at);
            channels.put(meta.name(), meta);
            previous.add(file.getInt(at));
            at = file.getInt(at + 4);
        }
    }

    private Meta meta(final int at) {
        final int data = file.getInt(at + 8);
        final int count = file.getInt(at + 12);
        final int typeA = file.getShort(at + 18);
        final int typeB = file.getShort(at + 20);
        final int shift = file.getShort(at + 24);
        final int mul = file.getShort(at + 26);
        final int scale = file.getShort(at + 28);
        final int dec = file.getShort(at + 30);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            final double raw;
            if (typeA == 7 && typeB == 4) {
                raw = file.getFloat(data + 4 * i);
            } else if (typeA == 5 && typeB == 4) {
                raw = file.getInt(data + 4 * i);
            } else {
                throw new AssertionError("type " + typeA + "/" + typeB);
            }
            values[i] = (float) ((raw / scale * Math.pow(10, -dec) + shift) * mul);
        }
        return new Meta(
                text(at + 32, 32),
                text(at + 64, 8),
                text(at + 72, 12),
                typeA,
                typeB,
                file.getShort(at + 22),
                file.getShort(at + 16) & 0xFFFF,
                values);
    }

    /** A text of the table. */
    public String text(final int at, final int length) {
        final byte[] bytes = new byte[length];
        file.get(at, bytes);
        final String text = new String(bytes, Charset.forName("windows-1252"));
        final int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
