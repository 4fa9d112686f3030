package io.slipstream.replay.export;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/** Opens DuckDB such that it never reaches for a network: what it cannot do by itself it must not download. */
public final class DuckDb {
    private static final String OFF = "false";

    private DuckDb() {}

    /**
     * Opens a database in memory.
     *
     * @param memory the most that it may take, as DuckDB writes it: {@code 512MB}.
     * @param threads that it may use, at least 1.
     * @param temporary directory for what exceeds the memory.
     * @return a connection; the database ends with it.
     * @throws SQLException if DuckDB does not start.
     */
    public static Connection open(String memory, int threads, Path temporary) throws SQLException {
        final Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", OFF);
        settings.setProperty("autoload_known_extensions", OFF);
        settings.setProperty("allow_community_extensions", OFF);
        settings.setProperty("memory_limit", memory);
        settings.setProperty("threads", Integer.toString(threads));
        settings.setProperty("temp_directory", temporary.toString());
        return new DuckDBDriver().connect("jdbc:duckdb:", settings);
    }

    /**
     * A text as SQL has it.
     *
     * @param text of any letters.
     * @return the text in quotes.
     */
    public static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
