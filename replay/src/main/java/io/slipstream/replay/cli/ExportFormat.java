package io.slipstream.replay.cli;

import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.export.CsvExporter;
import io.slipstream.replay.export.ExportTarget;
import io.slipstream.replay.export.Exporter;
import io.slipstream.replay.export.JsonLinesExporter;
import io.slipstream.replay.export.ParquetExporter;
import io.slipstream.replay.mcap.McapExporter;
import io.slipstream.replay.motec.MotecExporter;
import java.io.IOException;
import java.util.Locale;

/** The formats of {@code slipstream export}. */
enum ExportFormat {
    CSV,
    PARQUET,
    JSONL,
    MOTEC,
    MCAP;

    /** Opens a target; only CSV heeds the wish for a row of units, only MoTeC's names a driver. */
    Exporter open(ExportTarget target, ChannelCatalogue catalogue, boolean units, String driver) throws IOException {
        return switch (this) {
            case CSV -> new CsvExporter(target, units);
            case PARQUET -> new ParquetExporter(file(target));
            case JSONL -> new JsonLinesExporter(target);
            case MOTEC -> motec(file(target), driver);
            case MCAP -> new McapExporter(file(target), catalogue);
        };
    }

    private ExportTarget.File file(ExportTarget target) {
        return switch (target) {
            case ExportTarget.File file -> file;
            case ExportTarget.Stream _ ->
                throw new CommandFailure(
                        "--out -: " + this + " goes to a file; give its name, or --format csv or jsonl");
        };
    }

    /** The lap beacons go to a second file, which programs look for beside NAME.ld. */
    private static Exporter motec(ExportTarget.File file, String driver) {
        if (!file.path().toString().endsWith(".ld")) {
            throw new CommandFailure("--out " + file.path() + ": give it a name that ends in .ld; the lap beacons go"
                    + " to one in .ldx beside it");
        }
        return new MotecExporter(file.path(), file.replace(), driver);
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
