package io.slipstream.tests.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A MoTeC log and the beacons beside it, read by the published table of the layout; nothing is shared with what wrote it.
 *
 * @param channels by name.
 * @param beacons in the order of the file.
 */
record LdLog(Map<String, Channel> channels, List<Beacon> beacons) {
    /** What a channel is, and its values. */
    record Channel(String unit, int hz, List<Float> values) {}

    /** When a line was crossed, s since the log's start. */
    record Beacon(String name, double time) {}

    private static final int NAME = 32;
    private static final int UNIT = 72;
    private static final int FLOATS = 7;
    private static final int INTEGERS = 5;

    static LdLog read(Path log) throws IOException {
        final ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.LITTLE_ENDIAN);
        final Map<String, Channel> channels = new LinkedHashMap<>();
        for (int at = file.getInt(8); at != 0; at = file.getInt(at + 4)) {
            channels.put(text(file, at + NAME, 32), channel(file, at));
        }
        return new LdLog(channels, beacons(log.resolveSibling(log.getFileName() + "x")));
    }

    private static Channel channel(ByteBuffer file, int at) {
        final int type = file.getShort(at + 18);
        if (file.getShort(at + 20) != 4 || (type != FLOATS && type != INTEGERS)) {
            throw new AssertionError("type " + type + " of " + file.getShort(at + 20) + " bytes");
        }
        final int shift = file.getShort(at + 24);
        final int factor = file.getShort(at + 26);
        final int scale = file.getShort(at + 28);
        final int decimals = file.getShort(at + 30);
        final List<Float> values = new ArrayList<>();
        for (int i = 0; i < file.getInt(at + 12); i++) {
            final int place = file.getInt(at + 8) + 4 * i;
            final double raw = type == FLOATS ? file.getFloat(place) : file.getInt(place);
            values.add((float) ((raw / scale * Math.pow(10, -decimals) + shift) * factor));
        }
        return new Channel(text(file, at + UNIT, 12), file.getShort(at + 22), values);
    }

    private static String text(ByteBuffer file, int at, int length) {
        final byte[] bytes = new byte[length];
        file.get(at, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
    }

    private static List<Beacon> beacons(Path path) throws IOException {
        try {
            final NodeList markers = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(path.toFile())
                    .getElementsByTagName("Marker");
            final List<Beacon> beacons = new ArrayList<>();
            for (int i = 0; i < markers.getLength(); i++) {
                final Element marker = (Element) markers.item(i);
                beacons.add(
                        new Beacon(marker.getAttribute("Name"), Double.parseDouble(marker.getAttribute("Time")) / 1e6));
            }
            return beacons;
        } catch (ParserConfigurationException | SAXException e) {
            throw new AssertionError(path + " is no XML", e);
        }
    }

    /** From the beacon before it to a beacon, s. */
    double lap(int beacon) {
        return beacons.get(beacon).time() - beacons.get(beacon - 1).time();
    }
}
