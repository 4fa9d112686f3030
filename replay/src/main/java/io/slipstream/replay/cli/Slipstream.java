package io.slipstream.replay.cli;

import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.QueueException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code slipstream}. */
@Command(
        name = "slipstream",
        mixinStandardHelpOptions = true,
        versionProvider = Slipstream.Version.class,
        description = "Records what a racing game publishes in shared memory, and plays it back.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed; standard error says why",
            "2:wrong usage",
            "3:done, but something was lost: damaged frames were left out, late ones dropped, or a recording stopped at its quota or a full disk"
        },
        footerHeading = "%nTry it without a game:%n",
        footer = {
            "  slipstream demo",
            "  slipstream simulate --block my-race &",
            "  slipstream record --block my-race --into sessions --for 20s",
            "  slipstream sessions --in sessions"
        },
        subcommands = {
            DemoCommand.class,
            RecordCommand.class,
            BridgeCommand.class,
            SaveCommand.class,
            MarkCommand.class,
            SessionsCommand.class,
            InfoCommand.class,
            ReplayCommand.class,
            VerifyCommand.class,
            RepairCommand.class,
            TrimCommand.class,
            CutCommand.class,
            MergeCommand.class,
            PackCommand.class,
            UnpackCommand.class,
            AnonymiseCommand.class,
            ExportCommand.class,
            SqlCommand.class,
            ImportCommand.class,
            TailCommand.class,
            SimulateCommand.class,
            DoctorCommand.class,
            MemoryCommand.class,
            ProtonCommand.class,
            CompletionCommand.class,
            ManCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Slipstream implements Runnable {
    /** Exit code of a command that did what it could, with loss. */
    static final int WITH_LOSS = 3;

    private static final int HELP_WIDTH = 110;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, hidden = true, description = "Show stack traces.")
    private boolean debug;

    private Slipstream() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param arguments of the command line.
     */
    public static void main(String[] arguments) {
        Termination.end(run(arguments));
    }

    private static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    /**
     * Runs a command in this JVM, which it does not end, with other streams than the standard ones.
     *
     * @param out for results.
     * @param err for messages and progress.
     * @param arguments of the command line.
     * @return the exit code, as the help lists them.
     */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine().setOut(out).setErr(err).execute(arguments);
    }

    private static CommandLine commandLine() {
        final Slipstream slipstream = new Slipstream();
        return new CommandLine(slipstream)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(HELP_WIDTH)
                .registerConverter(Duration.class, Durations::parse)
                .setExecutionExceptionHandler((e, command, parsed) -> slipstream.fail(e, command.getErr()));
    }

    /** A user's mistake, and whatever the machine refuses, shows its message alone. */
    private int fail(Exception e, PrintWriter err) {
        final boolean expected = e instanceof IOException
                || e instanceof UncheckedIOException
                || e instanceof QueueException
                || e instanceof FormatException
                || e instanceof CommandFailure;
        if (debug || !expected) {
            e.printStackTrace(err);
        } else {
            err.println("slipstream: " + explain(e));
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** What a failure says to the user. */
    static String explain(Exception e) {
        return e instanceof UncheckedIOException u ? message(u.getCause()) : message(e);
    }

    private static String message(Throwable e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException other -> other.getReason() == null ? other.toString() : other.getMessage();
            default -> e.getMessage();
        };
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            final String version = Slipstream.class.getPackage().getImplementationVersion();
            return new String[] {"slipstream " + (version == null ? "(not packaged)" : version)};
        }
    }
}
