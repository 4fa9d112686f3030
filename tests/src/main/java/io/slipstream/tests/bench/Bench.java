package io.slipstream.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The command: runs benchmarks, prints one table. */
public final class Bench {
    static final List<Benchmark> ALL = List.of(
            new PublishBenchmark(),
            new NativeBenchmark(),
            new HandOffBenchmark(),
            new PingPongBenchmark(),
            new FrameBenchmark(),
            new BridgeBenchmark(),
            new SizeBenchmark(),
            new ReplayBenchmark(),
            new SeekBenchmark(),
            new ToolsBenchmark(),
            new PackBenchmark(),
            new PlaybackBenchmark(),
            new SharedMemoryBenchmark(),
            new SystemMemoryBenchmark());
    private static final String USAGE = """
            usage: tests/bench [--quick] [--dir PLACE] [NAME...]
              --quick      a first look instead of figures to tell others
              --dir PLACE  where to put scratch files (default: the system's temporary directory); its file system
                           is part of what is measured
              --tiny       only see that everything runs
            """;
    private static final int BAD_USAGE = 2;

    private Bench() {}

    /**
     * Runs.
     *
     * @param arguments options and names of benchmarks; all of them where none is named.
     * @throws Exception if a benchmark fails.
     */
    public static void main(String[] arguments) throws Exception {
        Settings.Scale scale = Settings.Scale.FULL;
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        final List<Benchmark> chosen = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> scale = Settings.Scale.QUICK;
                case "--tiny" -> scale = Settings.Scale.TINY;
                case "--dir" -> {
                    if (++i == arguments.length) {
                        refuse("--dir needs a place");
                    }
                    directory = Path.of(arguments[i]);
                }
                case "-h", "--help" -> {
                    System.out.print(help());
                    return;
                }
                default -> chosen.add(find(arguments[i]));
            }
        }
        final Path captures =
                Path.of(System.getProperty("slipstream.root", ".")).resolve("../shared/captures");
        run(chosen.isEmpty() ? ALL : chosen, new Settings(scale, directory, captures.normalize()));
    }

    private static Benchmark find(String name) {
        for (Benchmark benchmark : ALL) {
            if (benchmark.name().equals(name)) {
                return benchmark;
            }
        }
        refuse("there is no benchmark '" + name + "'");
        throw new AssertionError(name);
    }

    private static void refuse(String why) {
        System.err.print("bench: " + why + "\n" + help());
        System.exit(BAD_USAGE);
    }

    private static String help() {
        final StringBuilder text = new StringBuilder(USAGE);
        for (Benchmark benchmark : ALL) {
            text.append(Row.format("  %-12s %s%n", benchmark.name(), benchmark.about()));
        }
        return text.toString();
    }

    private static void run(List<Benchmark> chosen, Settings settings) throws Exception {
        Files.createDirectories(settings.directory());
        final String machine = Machine.describe(settings.directory());
        final List<Row> rows = new ArrayList<>();
        for (Benchmark benchmark : chosen) {
            System.err.println(benchmark.name() + ": " + benchmark.about());
            rows.addAll(measure(benchmark, settings));
        }
        System.out.println("Measured on " + machine + ".");
        if (settings.scale() != Settings.Scale.FULL) {
            System.out.println("A " + Row.format("%s", settings.scale()).toLowerCase(Locale.ROOT)
                    + " run: a first look, not figures to tell others.");
        }
        System.out.println();
        System.out.println("| what | ours | peer | ratio | target | |");
        System.out.println("|---|---|---|---|---|---|");
        rows.forEach(row -> System.out.println(row.markdown()));
    }

    /** Runs one, in a scratch directory of its own. */
    static List<Row> measure(Benchmark benchmark, Settings settings) throws Exception {
        try (Scratch scratch = new Scratch(settings.directory())) {
            return benchmark.run(settings.within(scratch.path()));
        } catch (IOException e) {
            throw new IOException(benchmark.name() + ": " + e.getMessage(), e);
        }
    }
}
