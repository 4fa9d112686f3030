package io.slipstream.replay.imports;

import io.slipstream.replay.motec.LdxFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file of separated values as rows. */
final class CsvSource implements LogSource {
    /** Numbers that count from the Unix epoch and not from the log's start are larger: September 2001. */
    private static final long EPOCH_NS = 1_000_000_000_000_000_000L;

    private static final int MOST_TEXTS = 20;

    private final Path file;
    private final CsvHeader header;
    private final CsvScan scan;
    private final CsvRecords records;
    private final LogDetails details;
    private final List<LogChannel> channels = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<LogLap> laps = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final double[] values;
    private final long origin;
    private boolean lossy;
    private long row;
    private long timeNs;

    private CsvSource(Path file, CsvHeader header, CsvScan scan, CsvRecords records) throws IOException {
        this.file = file;
        this.header = header;
        this.scan = scan;
        this.records = records;
        final Map<String, String> metadata = new LinkedHashMap<>();
        findChannels(metadata);
        if (channels.isEmpty()) {
            throw new ImportException(file + " has no column of numbers besides the time");
        }
        this.values = new double[channels.size()];
        final boolean absolute = scan.time().kind() == CsvTime.Kind.ISO
                || (scan.time().kind() == CsvTime.Kind.NUMBER && scan.firstNs() >= EPOCH_NS);
        this.origin = absolute ? scan.firstNs() : 0;
        final StartTime start = absolute
                ? new StartTime(scan.firstNs(), "the time column, read as UTC where it names no zone")
                : StartTime.of(file, header.started());
        requireTimes(start.ns());
        metadata.put("start", start.comesFrom());
        for (Map.Entry<String, String> entry : header.preamble().entrySet()) {
            if (!entry.getValue().isEmpty()) {
                metadata.putIfAbsent("motec " + entry.getKey(), CsvHeader.brief(entry.getValue()));
            }
        }
        this.details = new LogDetails(
                start.ns(),
                header.preamble().getOrDefault("Vehicle", ""),
                "",
                header.preamble().getOrDefault("Venue", ""),
                false,
                metadata);
        findLaps();
        if (scan.cutOff()) {
            lossy = true;
            remarks.add("the last line is cut off and is left out");
        }
    }

    /** Opens a file and reads all of it once. */
    static CsvSource open(Path file, String time) throws IOException {
        final CsvHeader header;
        try (CsvRecords records = CsvRecords.open(file)) {
            header = CsvHeader.read(file, records);
        }
        final CsvScan scan = new CsvScan(file, header);
        try (CsvRecords records = CsvRecords.open(file)) {
            scan.run(records, time);
        }
        final CsvRecords records = CsvRecords.open(file);
        try {
            return new CsvSource(file, header, scan, records);
        } catch (IOException | RuntimeException e) {
            records.close();
            throw e;
        }
    }

    /** Times of rows are no numbers that run over. */
    private void requireTimes(long startNs) throws ImportException {
        try {
            Math.addExact(startNs, Math.subtractExact(scan.lastNs(), origin));
        } catch (ArithmeticException e) {
            throw new ImportException(
                    file + ": the time " + scan.lastNs() / 1e9 + " s of its last row is too far from its start", e);
        }
    }

    private void findChannels(Map<String, String> metadata) {
        final List<String> texts = new ArrayList<>();
        for (int i = 0; i < header.columns().size(); i++) {
            final CsvHeader.Column column = header.columns().get(i);
            if (scan.isChannel(i)) {
                places.add(i);
                channels.add(new LogChannel(
                        column.title().isEmpty() ? "Column " + (i + 1) : column.title(),
                        column.unit(),
                        scan.isWhole(i) ? LogChannel.Stored.WHOLE : LogChannel.Stored.DOUBLE));
                if (!column.header().startsWith(column.title())
                        || column.header().length() > column.title().length() + 30) {
                    metadata.put("column " + column.title(), column.header());
                }
            } else if (i != scan.time().column() && scan.isText(i)) {
                texts.add(column.title() + " (" + scan.word(i) + ")");
            }
        }
        if (!texts.isEmpty()) {
            lossy = true;
            remarks.add(texts.size() + " columns with texts are left out: "
                    + String.join(", ", texts.subList(0, Math.min(MOST_TEXTS, texts.size()))));
        }
    }

    private void findLaps() throws ImportException {
        final List<LdxFile.Beacon> beacons = header.beacons(file);
        if (!beacons.isEmpty()) {
            laps.addAll(BeaconLaps.of(beacons, scan.lastNs()));
            return;
        }
        for (LogLap lap : scan.laps()) {
            laps.add(new LogLap(lap.lap(), lap.endNs() - origin, lap.time()));
        }
    }

    @Override
    public boolean ours() {
        return header.own();
    }

    @Override
    public LogDetails details() {
        return details;
    }

    @Override
    public List<LogChannel> channels() {
        return channels;
    }

    @Override
    public List<LogLap> laps() {
        return laps;
    }

    @Override
    public long rows() {
        return scan.rows();
    }

    @Override
    public boolean next() throws IOException {
        while (row < scan.rows()) {
            if (!records.next()) {
                throw changed();
            }
            if (records.number() >= header.rowsFrom() && !records.isEmpty()) {
                take();
                row++;
                return true;
            }
        }
        return false;
    }

    private void take() throws ImportException {
        if (records.size() != header.columns().size()) {
            throw changed();
        }
        final Long ns = scan.time().parse(records.cell(scan.time().column()));
        if (ns == null || (row > 0 && ns - origin < timeNs)) {
            throw changed();
        }
        timeNs = ns - origin;
        for (int i = 0; i < values.length; i++) {
            final String cell = records.cell(places.get(i));
            values[i] = CsvNumber.isMissing(cell) ? Double.NaN : CsvNumber.parse(cell, records.decimalComma());
        }
    }

    private ImportException changed() {
        return new ImportException(
                file + " was changed while it was imported, at line " + records.number() + ": import it again");
    }

    @Override
    public long timeNs() {
        return timeNs;
    }

    @Override
    public double value(int channel) {
        return values[channel];
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }

    @Override
    public boolean lossy() {
        return lossy;
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
