package io.slipstream.replay.sql;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBWritableVector;

/** Every frame of one session after the other; only the channels that are asked for are decoded. */
final class FrameRows implements Rows {
    /** What is told how far a scan has come, and what it lost. */
    interface Listener {
        /** Called now and then: the session that is being read, from 0, and how much of it has been. */
        void onProgress(int session, double share);

        /** Called at the end of a session if frames of it could not be restored. */
        void onDamaged(OpenedSession session, long frames);
    }

    private static final int TELL_EVERY = 1024;
    private static final int ABSENT = -1;

    private final List<OpenedSession> sessions;
    private final Table table;
    private final int[] columns;
    private final Listener listener;
    /** Of each column that was asked for: the channel's place in the samples of the session that is being read. */
    private final int[] places;

    private int at = -1;
    private SessionReader reader;
    private Samples samples;

    FrameRows(List<OpenedSession> sessions, Table table, int[] columns, Listener listener) {
        this.sessions = sessions;
        this.table = table;
        this.columns = columns;
        this.listener = listener;
        this.places = new int[columns.length];
    }

    @Override
    public boolean next() throws IOException {
        while (true) {
            if (samples != null && samples.next()) {
                if (samples.count() % TELL_EVERY == 0) {
                    listener.onProgress(at, samples.progress());
                }
                return true;
            }
            finish();
            if (at == sessions.size() - 1) {
                return false;
            }
            at++;
            begin(sessions.get(at));
        }
    }

    private void begin(OpenedSession session) throws IOException {
        reader = SessionReader.open(session.path());
        final ChannelCatalogue catalogue =
                ChannelCatalogue.of(reader.format(), reader.info().formatVersion());
        final Map<String, Channel> byColumn = new LinkedHashMap<>();
        FrameColumns.columnNames(session.channels())
                .forEach((name, channel) -> byColumn.put(FrameColumns.key(name), channel));
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            final int column = columns[i];
            places[i] = ABSENT;
            if (column >= FrameColumns.FIXED.size() && column < table.columns().size()) {
                final Channel channel = byColumn.get(
                        FrameColumns.key(table.columns().get(column).name()));
                if (channel != null) {
                    places[i] = names.size();
                    names.add(channel.name());
                }
            }
        }
        samples = Samples.open(reader, SampleSelection.of(channels(catalogue, names)));
    }

    /** One for each name, in that order. */
    private static List<Channel> channels(ChannelCatalogue catalogue, List<String> names) {
        final List<Channel> channels = new ArrayList<>();
        for (String name : names) {
            channels.addAll(catalogue.select(List.of(name)));
        }
        return channels;
    }

    @Override
    public void put(int place, DuckDBWritableVector vector, long row) {
        switch (columns[place]) {
            case 0 -> vector.setString(row, sessions.get(at).name());
            case 1 -> vector.setLong(row, samples.frame());
            case 2 -> vector.setLong(row, samples.timestampNs());
            case 3 -> vector.setDouble(row, samples.time());
            case 4 -> vector.setLong(row, samples.lap().lap());
            case 5 -> vector.setDouble(row, samples.lapTime());
            default -> channel(place, vector, row);
        }
    }

    private void channel(int place, DuckDBWritableVector vector, long row) {
        final double value = places[place] == ABSENT ? Double.NaN : samples.value(places[place]);
        if (Double.isNaN(value)) {
            vector.setNull(row);
        } else {
            switch (table.columns().get(columns[place]).type()) {
                case FLOAT -> vector.setFloat(row, (float) value);
                case BIGINT -> vector.setLong(row, (long) value);
                default -> vector.setDouble(row, value);
            }
        }
    }

    private void finish() {
        if (samples != null) {
            if (samples.damaged() > 0) {
                listener.onDamaged(sessions.get(at), samples.damaged());
            }
            close();
        }
    }

    @Override
    public void close() {
        if (samples != null) {
            samples.close();
            samples = null;
        }
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
