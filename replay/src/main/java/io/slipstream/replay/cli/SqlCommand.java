package io.slipstream.replay.cli;

import io.slipstream.memory.ScratchDirectory;
import io.slipstream.replay.export.OutputFile;
import io.slipstream.replay.sql.Column;
import io.slipstream.replay.sql.ResultTable;
import io.slipstream.replay.sql.ResultWriter;
import io.slipstream.replay.sql.SessionDatabase;
import io.slipstream.replay.sql.Table;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description =
                "Asks sessions in SQL (DuckDB's): tables sessions, laps, events and frames. Reads only what the query"
                        + " needs, changes nothing.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream sql \"select session, lap, time from laps where valid order by time limit 10\"",
            "  slipstream sql \"select lap, max(speed), avg(throttle) from frames group by lap order by lap\" SESSION",
            "  slipstream sql \"select time, detail->>'label' from events where type = 'Marker'\" SESSION",
            "  slipstream sql \"select * from frames where lap = 3\" SESSION --out lap3.parquet",
            "  slipstream sql --schema SESSION        # tables, columns and units"
        })
final class SqlCommand implements Callable<Integer> {
    private static final int SHOWN = 100;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "QUERY [SESSION]",
            description = "The query, then sessions: directories, or names in --in. Without any, all in --in. With"
                    + " --schema, sessions alone.")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--in",
            paramLabel = "DIR",
            description = "Directory of sessions (default: ~/.local/share/slipstream/sessions).")
    private Path in = Places.sessions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "table, csv, json or parquet (default: as the name of --out ends, or else table).")
    private Format format;

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the result there; a file that exists is kept.")
    private Path file;

    @Option(names = "--force", description = "Replace the file of --out if it exists.")
    private boolean force;

    @Option(
            names = "--channels",
            paramLabel = "NAMES",
            split = ",",
            description = "More columns of frames: names of channels or raw fields, with * for any letters.")
    private List<String> channels = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "The most rows (default: 100 of a table, else all).")
    private Long limit;

    @Option(names = "--schema", description = "List tables, columns and units instead.")
    private boolean schema;

    enum Format {
        TABLE,
        CSV,
        JSON,
        PARQUET;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private PrintWriter out;
    private PrintWriter err;

    @Override
    public Integer call() throws IOException {
        out = spec.commandLine().getOut();
        err = spec.commandLine().getErr();
        if (!schema && parameters.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "give a query, or --schema");
        }
        if (schema && file != null) {
            throw new ParameterException(spec.commandLine(), "--schema goes to standard output; --out is a query's");
        }
        if (limit != null && limit < 0) {
            throw new ParameterException(spec.commandLine(), "--limit " + limit + ": give 0 or more");
        }
        final Format wanted = wanted();
        final BooleanSupplier stop = Termination.onRequest();
        final ProgressLine progress = new ProgressLine(err);
        final List<Path> sessions = sessions(parameters.subList(schema ? 0 : 1, parameters.size()));
        try (ScratchDirectory scratch = ScratchDirectory.create("slipstream-sql");
                OutputFile output = file == null ? null : OutputFile.create(file, force);
                SessionDatabase database = SessionDatabase.open(new SessionDatabase.Settings(
                        sessions,
                        channels,
                        scratch.path(),
                        output != null && wanted == Format.PARQUET ? output.temporary() : null,
                        share -> {
                            if (stop.getAsBoolean()) {
                                throw new CancellationException("stopped");
                            }
                            progress.update(
                                    () -> String.format(Locale.ROOT, "%.0f %% of the frames read", share * 100));
                        }))) {
            // Said first: the query may fail because of it.
            progress.clear();
            sayUnreadable(database);
            if (schema) {
                printSchema(database.tables(), wanted);
            } else {
                run(database, parameters.getFirst(), wanted, output, progress);
            }
            if (output != null) {
                output.complete();
            }
            progress.clear();
            out.flush();
            return remarks(database);
        } catch (SQLException e) {
            progress.clear();
            throw new CommandFailure(stop.getAsBoolean() ? "stopped before the end" : message(e), e);
        }
    }

    private Format wanted() {
        if (json && format != null && format != Format.JSON) {
            throw new ParameterException(spec.commandLine(), "--json and --format " + format + " exclude one another");
        }
        final String name = file == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        final Format chosen;
        if (json) {
            chosen = Format.JSON;
        } else if (format != null) {
            chosen = format;
        } else if (name.endsWith(".parquet")) {
            chosen = Format.PARQUET;
        } else if (name.endsWith(".csv")) {
            chosen = Format.CSV;
        } else {
            chosen = name.endsWith(".json") ? Format.JSON : Format.TABLE;
        }
        if (chosen == Format.PARQUET && (file == null || schema)) {
            throw new ParameterException(
                    spec.commandLine(), "Parquet is written to a file: give --out FILE, and a query");
        }
        return chosen;
    }

    private List<Path> sessions(List<String> names) throws IOException {
        if (!names.isEmpty()) {
            return names.stream().map(this::session).toList();
        }
        if (!Files.isDirectory(in)) {
            throw new CommandFailure("no directory " + in + ": record something first, or name another with --in");
        }
        try (Stream<Path> paths = Files.list(in)) {
            final List<Path> found =
                    paths.filter(SessionDirectory::isSession).sorted().toList();
            if (found.isEmpty()) {
                throw new CommandFailure("no session in " + in + ": record something first, or name another with --in");
            }
            return found;
        }
    }

    private Path session(String name) {
        final Path path = SessionArgument.resolve(Path.of(name), in);
        // One that is damaged is left out, and said to be; what never was one is a slip of the hand.
        if (!SessionDirectory.isSession(path) && !Files.exists(path.resolve(SessionDirectory.SUMMARY))) {
            throw new CommandFailure(Texts.printable(name) + " is no session, here or in " + in);
        }
        return path;
    }

    private void run(SessionDatabase database, String query, Format wanted, OutputFile output, ProgressLine progress)
            throws SQLException, IOException {
        if (wanted == Format.PARQUET) {
            database.copy(limit == null ? query : limited(query), output.temporary());
            return;
        }
        final long most = limit == null ? (wanted == Format.TABLE ? SHOWN : Long.MAX_VALUE) : limit;
        try (ResultSet result = database.query(query);
                Writer writer = output == null ? null : Files.newBufferedWriter(output.temporary())) {
            final Writer target = writer == null ? new BufferedWriter(out) : writer;
            switch (wanted) {
                case CSV -> ResultWriter.csv(result, most, target);
                case JSON -> ResultWriter.json(result, most, target);
                default -> {
                    final ResultTable table = new ResultTable(result, most);
                    progress.clear();
                    table.write(target);
                    target.flush();
                    err.println(rows(table));
                }
            }
            target.flush();
        }
    }

    private String limited(String query) {
        return "SELECT * FROM (" + query.strip().replaceFirst(";\\s*$", "") + "\n) LIMIT " + limit;
    }

    private static String rows(ResultTable table) {
        final String shown = Texts.count(table.rows()) + (table.rows() == 1 ? " row" : " rows");
        return table.more() == 0
                ? shown
                : shown + " shown, " + Texts.count(table.more()) + " more: --limit N, or --format csv for all";
    }

    private void printSchema(List<Table> tables, Format wanted) throws IOException {
        if (wanted == Format.JSON) {
            out.println(BlockJson.pretty(tables.stream().map(SqlCommand::json).toList()));
            return;
        }
        for (Table table : tables) {
            out.println(table.name() + "  -- " + table.description());
            final int width = table.columns().stream()
                    .mapToInt(column -> column.name().length())
                    .max()
                    .orElse(0);
            for (Column column : table.columns()) {
                out.printf(
                        Locale.ROOT,
                        "  %-" + width + "s  %-12s  %-6s  %s%n",
                        column.name(),
                        column.type(),
                        column.unit(),
                        column.description());
            }
        }
    }

    private static Map<String, Object> json(Table table) {
        final Map<String, Object> node = new LinkedHashMap<>();
        node.put("table", table.name());
        node.put("description", table.description());
        node.put(
                "columns",
                table.columns().stream()
                        .map(column -> Map.of(
                                "name", column.name(),
                                "type", column.type(),
                                "unit", column.unit(),
                                "description", column.description()))
                        .toList());
        return node;
    }

    private void sayUnreadable(SessionDatabase database) {
        database.unreadable().forEach((path, why) -> err.println("slipstream: left out " + path + ": " + why));
        err.flush();
    }

    /** What the result does not say by itself. */
    private int remarks(SessionDatabase database) {
        database.ambiguous()
                .forEach(column -> err.println(
                        "slipstream: " + column.name() + " is in " + column.unit() + ", from session to session"));
        database.damaged()
                .forEach((path, frames) -> err.println(
                        "slipstream: " + path + ": " + Texts.count(frames) + " damaged frames were left out"));
        err.flush();
        return database.unreadable().isEmpty() && database.damaged().isEmpty() ? 0 : Slipstream.WITH_LOSS;
    }

    /** DuckDB's message: what is wrong, and the line of the query with a caret under it. */
    private static String message(SQLException e) {
        return String.valueOf(e.getMessage())
                .replaceFirst("^Invalid Input Error: Attempting to execute an unsuccessful[^\\n]*\\n(Error: )?", "")
                .strip()
                .replaceAll("\\n{2,}", "\n");
    }
}
