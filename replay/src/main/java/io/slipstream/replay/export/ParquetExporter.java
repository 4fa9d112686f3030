package io.slipstream.replay.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunctionBuilder;

/**
 * Writes Parquet by DuckDB: {@code timestamp} (UTC, ns), {@code time} and {@code lap_time} (s), {@code lap}, and the channels as
 * single, double or 64-bit columns, null where not set; compressed by zstd. What the columns cannot say is in the file's key-value
 * metadata, all keys beginning with {@code slipstream.}.
 *
 * <p>DuckDB reads the samples from a pipe while they are made, on a thread of its own; nothing is stored in between.
 */
public final class ParquetExporter implements Exporter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEMORY = "512MB";
    private static final int LONGEST_ROW_GROUP = 32 * SampleBatch.ROWS;

    /** DuckDB holds a row group in memory before it writes it. */
    private static final long LARGEST_ROW_GROUP = 64L << 20;

    private final OutputFile file;
    private BatchPipe pipe;
    private SampleBatch batch;
    private FutureTask<Void> writing;

    /**
     * Makes the file.
     *
     * @param target of the samples; DuckDB writes to no stream.
     * @throws IOException if it cannot be made.
     */
    public ParquetExporter(ExportTarget.File target) throws IOException {
        this.file = OutputFile.create(target.path(), target.replace());
    }

    @Override
    public void begin(ExportHeader header) throws IOException {
        final BatchPipe started = new BatchPipe(header.channels().size());
        final Path directory = file.temporary().getParent();
        final String copy = copy(file.temporary(), header);
        writing = new FutureTask<>(() -> {
            try (Connection connection = DuckDb.open(MEMORY, 1, directory);
                    DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction();
                    Statement statement = connection.createStatement()) {
                function.withName("samples")
                        .withFunction(new SampleTable(header.channels(), started))
                        .register(connection);
                statement.execute(copy);
            } finally {
                started.writerGone();
            }
            return null;
        });
        pipe = started;
        Thread.ofPlatform().name("parquet").daemon().start(writing);
        batch = pipe.toFill();
    }

    private static String copy(Path path, ExportHeader header) throws IOException {
        return "COPY (SELECT make_timestamp_ns(\"timestamp\") AS \"timestamp\", * EXCLUDE (\"timestamp\") FROM"
                + " samples()) TO "
                + DuckDb.quoted(path.toString())
                + " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, ROW_GROUP_SIZE "
                + rowGroup(header.channels().size())
                + ", KV_METADATA {"
                + metadata(header).entrySet().stream()
                        .map(entry -> DuckDb.quoted(entry.getKey()) + ": " + DuckDb.quoted(entry.getValue()))
                        .collect(Collectors.joining(", "))
                + "})";
    }

    /** Rows of a group of so many channels. */
    static int rowGroup(int channels) {
        return Math.clamp(
                LARGEST_ROW_GROUP / ((long) Long.BYTES * Math.max(1, channels)), SampleBatch.ROWS, LONGEST_ROW_GROUP);
    }

    private static Map<String, String> metadata(ExportHeader header) throws IOException {
        final Map<String, String> metadata = new LinkedHashMap<>();
        final ObjectNode units = JSON.createObjectNode();
        final ObjectNode titles = JSON.createObjectNode();
        units.put("time", "s").put("lap_time", "s");
        final List<String> names = SampleTable.names(header.channels());
        for (int i = 0; i < names.size(); i++) {
            final Channel channel = header.channels().get(i);
            if (!channel.unit().isEmpty()) {
                units.put(names.get(i), channel.unit());
            }
            titles.put(names.get(i), channel.title());
        }
        metadata.put("slipstream.session", header.name());
        metadata.put("slipstream.synthetic", Boolean.toString(header.info().synthetic()));
        metadata.put("slipstream.game", header.info().game());
        metadata.put("slipstream.track", header.info().track());
        metadata.put("slipstream.variation", header.info().variation());
        metadata.put("slipstream.car", header.info().car());
        metadata.put("slipstream.started", header.info().started());
        metadata.put("slipstream.rate_hz", header.rate() == 0 ? "every frame" : Double.toString(header.rate()));
        metadata.put("slipstream.source_rate_hz", Double.toString(header.sourceRate()));
        metadata.put("slipstream.units", JSON.writeValueAsString(units));
        metadata.put("slipstream.titles", JSON.writeValueAsString(titles));
        return metadata;
    }

    @Override
    public void sample(Samples samples) throws IOException {
        if (batch.add(samples)) {
            pipe.filled(batch);
            batch = pipe.toFill();
            if (batch == null) {
                await();
                throw new IOException(file.path() + ": the file ended before the samples");
            }
        }
    }

    @Override
    public void end() throws IOException {
        if (batch.rows > 0) {
            pipe.filled(batch);
        }
        pipe.finish();
        await();
        file.complete();
    }

    private void await() throws IOException {
        final FutureTask<Void> task = writing;
        writing = null;
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IOException(file.path() + ": " + problem(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(file.path() + ": interrupted", e);
        }
    }

    private static String problem(Throwable cause) {
        return cause instanceof SQLException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (writing != null) {
                giveUp();
            }
        }
    }

    /** The writer has failed because it was told to; that is what was wanted. */
    private void giveUp() throws IOException {
        pipe.abandon();
        final FutureTask<Void> task = writing;
        writing = null;
        boolean interrupted = false;
        while (true) {
            try {
                task.get();
                break;
            } catch (ExecutionException e) {
                break;
            } catch (InterruptedException e) {
                // The file must not be removed while it is written to.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
