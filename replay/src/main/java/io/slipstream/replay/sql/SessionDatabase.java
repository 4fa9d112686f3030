package io.slipstream.replay.sql;

import io.slipstream.memory.format.FormatException;
import io.slipstream.replay.export.DuckDb;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunctionBuilder;

/**
 * Sessions as a database with the tables {@code sessions}, {@code laps}, {@code events} and {@code frames}. It is in memory, knows
 * only what it is given, and cannot be made to read or write a file, or to load an extension, by a query. Results are handed over as
 * they are made. Single-threaded.
 */
public final class SessionDatabase implements AutoCloseable {
    private static final String MEMORY = "256MB";
    private static final String OFF = "false";

    /**
     * How a database is made.
     *
     * @param sessions directories of sessions.
     * @param channels patterns of channels that the frames have besides the default ones.
     * @param temporary directory for what a query cannot hold in memory; removed by the caller.
     * @param result the one file that a result may be copied to; null for none.
     * @param progress is told how much of all frames a scan has read, 0 to 1, on the thread that reads the result.
     */
    public record Settings(
            List<Path> sessions, List<String> channels, Path temporary, Path result, Progress progress) {}

    /** Is told how far a scan has come. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called now and then.
         *
         * @param share of the frames of all sessions, 0 to 1.
         */
        void on(double share);
    }

    private final Connection connection;
    private final List<TableScan> scans = new ArrayList<>();
    private final OpenedSessions opened;
    private final List<OpenedSession> sessions;
    private final Map<Path, Long> damaged = new LinkedHashMap<>();
    private final FrameColumns frameColumns = new FrameColumns();
    private final Progress progress;
    private boolean framesRead;

    private SessionDatabase(Connection connection, OpenedSessions opened, Progress progress) {
        this.connection = connection;
        this.opened = opened;
        this.sessions = opened.sessions();
        this.progress = progress;
        sessions.forEach(session -> frameColumns.add(session.channels()));
    }

    /**
     * Opens a database. Sessions that cannot be read are left out, and named by {@link #unreadable()}.
     *
     * @param settings of it.
     * @return the database.
     * @throws FormatException if a pattern of channels matches none in any session.
     * @throws SQLException if DuckDB does not start.
     */
    public static SessionDatabase open(Settings settings) throws SQLException {
        final OpenedSessions opened = OpenedSessions.of(settings.sessions(), settings.channels());
        final SessionDatabase database = new SessionDatabase(connect(settings), opened, settings.progress());
        try {
            database.register(settings);
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static Connection connect(Settings settings) throws SQLException {
        final Properties properties = new Properties();
        properties.setProperty("autoinstall_known_extensions", OFF);
        properties.setProperty("autoload_known_extensions", OFF);
        properties.setProperty("allow_community_extensions", OFF);
        properties.setProperty("memory_limit", MEMORY);
        // Rows are made on the thread that reads them; sessions belong to one.
        properties.setProperty("threads", "1");
        properties.setProperty("temp_directory", settings.temporary().toString());
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        return new DuckDBDriver().connect("jdbc:duckdb:", properties);
    }

    private void register(Settings settings) throws SQLException {
        final Table frames = new Table("frames", "One row a frame, with its channels", frameColumns.columns());
        register(new TableScan(SessionRecords.SESSIONS, columns -> records(columns, SessionRecords::session)));
        register(new TableScan(SessionRecords.LAPS, this::laps));
        register(new TableScan(EventRecords.EVENTS, columns -> new RecordRows(new EventRecords(sessions), columns)));
        register(new TableScan(frames, columns -> {
            framesRead = true;
            return new FrameRows(sessions, frames, columns, listener());
        }));
        try (Statement statement = connection.createStatement()) {
            if (settings.result() != null) {
                statement.execute("SET allowed_paths = ["
                        + DuckDb.quoted(settings.result().toString()) + "]");
            }
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        }
    }

    private void register(TableScan scan) throws SQLException {
        scans.add(scan);
        final String function = "scan_" + scan.table().name();
        try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction();
                Statement statement = connection.createStatement()) {
            builder.withName(function)
                    .withFunction(scan)
                    .withProjectionPushdown()
                    .register(connection);
            statement.execute("CREATE VIEW " + scan.table().name() + " AS SELECT "
                    + scan.table().columns().stream()
                            .map(SessionDatabase::expression)
                            .collect(Collectors.joining(", "))
                    + " FROM " + function + "()");
        }
    }

    private static String expression(Column column) {
        final String name = "\"" + column.name().replace("\"", "\"\"") + "\"";
        return column.type() == ColumnType.TIMESTAMP_NS ? "make_timestamp_ns(" + name + ") AS " + name : name;
    }

    /** What makes a record of a session. */
    private interface Recorded {
        Object[] of(OpenedSession session);
    }

    private Rows records(int[] columns, Recorded recorded) {
        return new RecordRows(source(sessions.stream().map(recorded::of).iterator()), columns);
    }

    private Rows laps(int[] columns) throws IOException {
        final List<Object[]> records = new ArrayList<>();
        for (OpenedSession session : sessions) {
            try (SessionReader reader = SessionReader.open(session.path())) {
                records.addAll(SessionRecords.laps(session, reader));
            }
        }
        return new RecordRows(source(records.iterator()), columns);
    }

    private static RecordRows.Source source(Iterator<Object[]> records) {
        return new RecordRows.Source() {
            @Override
            public boolean hasNext() {
                return records.hasNext();
            }

            @Override
            public Object[] next() {
                return records.next();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    private FrameRows.Listener listener() {
        final double all =
                sessions.stream().mapToLong(session -> session.info().frames()).sum();
        return new FrameRows.Listener() {
            @Override
            public void onProgress(int session, double share) {
                double read = share * sessions.get(session).info().frames();
                for (int i = 0; i < session; i++) {
                    read += sessions.get(i).info().frames();
                }
                progress.on(all == 0 ? 1 : read / all);
            }

            @Override
            public void onDamaged(OpenedSession session, long frames) {
                damaged.merge(session.path(), frames, Math::max);
            }
        };
    }

    /**
     * The tables.
     *
     * @return in the order in which people want to know of them.
     */
    public List<Table> tables() {
        return scans.stream().map(TableScan::table).toList();
    }

    /**
     * Sessions that could not be read, and why.
     *
     * @return by path.
     */
    public Map<Path, String> unreadable() {
        return opened.unreadable();
    }

    /**
     * Frames that queries came upon and that could not be restored; they have no row.
     *
     * @return count by session.
     */
    public Map<Path, Long> damaged() {
        return damaged;
    }

    /**
     * Columns of the frames that are in one unit in one session and in another in the next.
     *
     * @return them, with their units; none if no query has read frames.
     */
    public List<Column> ambiguous() {
        return framesRead ? frameColumns.ambiguous() : List.of();
    }

    /**
     * Runs a query.
     *
     * @param sql one statement.
     * @return its result, whose rows are made while it is read; close it before the next query.
     * @throws SQLException with what is wrong with it.
     */
    @SuppressWarnings("MustBeClosed")
    public ResultSet query(String sql) throws SQLException {
        final Statement statement = connection.createStatement();
        try {
            statement.closeOnCompletion();
            return statement.executeQuery(sql);
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    /**
     * Runs a query and writes its result to the file of the settings, as Parquet.
     *
     * @param sql one statement.
     * @param file of the settings.
     * @return rows written.
     * @throws SQLException with what is wrong with it.
     */
    public long copy(String sql, Path file) throws SQLException {
        // Looked at alone first, so that what is wrong with it is told of it and not of the copy.
        try (Statement statement = connection.createStatement()) {
            statement.execute("EXPLAIN " + sql);
        }
        try (Statement statement = connection.createStatement()) {
            return statement.executeLargeUpdate("COPY (" + sql.strip().replaceFirst(";\\s*$", "") + "\n) TO "
                    + DuckDb.quoted(file.toString())
                    + " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        scans.forEach(TableScan::close);
    }
}
