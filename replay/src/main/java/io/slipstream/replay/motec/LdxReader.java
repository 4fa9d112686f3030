package io.slipstream.replay.motec;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads an {@code .ldx} file. Document types and entities are refused, so that a file can neither grow in memory nor make this
 * program read another.
 */
public final class LdxReader {
    private static final long LONGEST_FILE = 16 << 20;
    private static final int MOST_BEACONS = 100_000;
    private static final double LONGEST_MICROS = 1e15;
    private static final String BEACONS = "Beacons";
    private static final Pattern LAP_TIME = Pattern.compile("(?:(\\d{1,4}):)?(\\d{1,4}(?:\\.\\d{1,9})?)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final Path file;
    private final List<LdxFile.Beacon> beacons = new ArrayList<>();
    private boolean inBeacons;
    private int totalLaps = -1;
    private double fastestTime = Double.NaN;
    private long fastestLap = -1;

    private LdxReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @param file to read.
     * @return what it says.
     * @throws LdException if it is no such file, or damaged.
     * @throws IOException if it cannot be read.
     */
    public static LdxFile read(Path file) throws IOException {
        final long length = Files.size(file);
        if (length > LONGEST_FILE) {
            throw new LdException(file + " has " + length + " bytes, too many for a file of lap beacons");
        }
        return new LdxReader(file).read(LdText.decode(Files.readAllBytes(file)));
    }

    private LdxFile read(String text) throws LdException {
        final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("a reference to another file");
        });
        boolean isLdx = false;
        try {
            final XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
            while (xml.hasNext()) {
                final int event = xml.next();
                if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                    throw new LdException(file + " declares or uses XML entities, which no log needs");
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    isLdx |= xml.getLocalName().equals("LDXFile");
                    element(xml);
                } else if (event == XMLStreamConstants.END_ELEMENT
                        && xml.getLocalName().equals("MarkerGroup")) {
                    inBeacons = false;
                }
            }
        } catch (XMLStreamException e) {
            throw new LdException(
                    file + " is damaged: line " + e.getLocation().getLineNumber() + " is no XML that can be read", e);
        }
        if (!isLdx) {
            throw new LdException(file + " is no .ldx file: it has no LDXFile element");
        }
        beacons.sort(Comparator.comparingDouble(LdxFile.Beacon::micros));
        return new LdxFile(beacons, totalLaps, fastestTime, fastestLap);
    }

    private void element(XMLStreamReader xml) throws LdException {
        switch (xml.getLocalName()) {
            case "MarkerGroup" -> inBeacons = BEACONS.equals(xml.getAttributeValue(null, "Name"));
            case "Marker" -> {
                if (inBeacons) {
                    beacon(xml);
                }
            }
            case "String" -> detail(text(xml, "Id"), text(xml, "Value"));
            default -> {
                // The rest is how i2 shows the log.
            }
        }
    }

    private void beacon(XMLStreamReader xml) throws LdException {
        final String time = text(xml, "Time");
        final double micros;
        try {
            micros = Double.parseDouble(time);
        } catch (NumberFormatException e) {
            throw new LdException(where(xml) + ": '" + time + "' is no time of a beacon, in microseconds", e);
        }
        if (!(micros >= 0 && micros <= LONGEST_MICROS)) {
            throw new LdException(where(xml) + ": a beacon at " + time + " us is no moment of a log");
        }
        if (beacons.size() == MOST_BEACONS) {
            throw new LdException(file + " has more than " + MOST_BEACONS + " beacons, more than any race has laps");
        }
        beacons.add(new LdxFile.Beacon(text(xml, "Name"), micros));
    }

    private String where(XMLStreamReader xml) {
        return file + ", line " + xml.getLocation().getLineNumber();
    }

    private static String text(XMLStreamReader xml, String attribute) {
        final String value = xml.getAttributeValue(null, attribute);
        return value == null ? "" : value;
    }

    private void detail(String id, String value) {
        switch (id) {
            case "Total Laps" -> totalLaps = (int) number(value);
            case "Fastest Lap" -> fastestLap = number(value);
            case "Fastest Time" -> {
                final Matcher time = LAP_TIME.matcher(value);
                if (time.matches()) {
                    final int minutes = time.group(1) == null ? 0 : Integer.parseInt(time.group(1));
                    fastestTime = minutes * 60 + Double.parseDouble(time.group(2));
                }
            }
            default -> {
                // Other details are other programs' own.
            }
        }
    }

    private static long number(String value) {
        return NUMBER.matcher(value).matches() ? Long.parseLong(value) : -1;
    }
}
