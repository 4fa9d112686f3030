package io.slipstream.replay.cli;

import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.pack.PackFile;
import io.slipstream.replay.pack.PackInfo;
import io.slipstream.replay.pack.SessionUnpacker;
import io.slipstream.replay.pack.UnpackReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "unpack",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a session of a packed one again, byte for byte; of a file that is cut short or damaged whatever of"
                    + " it is whole.",
            "The last line on standard output is the session's path."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every message that was packed is there",
            "1:nothing could be unpacked; standard error says why",
            "3:something is missing; standard error says what"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream unpack NAME.slip --out sessions/NAME",
            "  slipstream unpack NAME.slip --into sessions       # named by time and track",
            "  slipstream unpack NAME.slip --list                # what is in it"
        })
final class UnpackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The packed session.")
    private Path file;

    @ArgGroup(multiplicity = "1")
    private Target target;

    @Option(names = "--json", description = "The session's summary as JSON.")
    private boolean json;

    /** Where to, if at all. */
    static final class Target {
        @Option(names = "--out", paramLabel = "DIR", description = "The session's directory; there must be none yet.")
        private Path out;

        @Option(names = "--into", paramLabel = "DIR", description = "A directory of sessions.")
        private Path into;

        @Option(names = "--list", description = "Say what is in it, and unpack nothing.")
        private boolean list;
    }

    @Override
    public Integer call() throws IOException {
        return target.list ? list() : unpack();
    }

    private int list() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        final PackInfo pack = PackFile.info(file);
        if (pack.session() == null) {
            err.println("its summary is damaged");
        } else if (json) {
            out.println(SessionJson.one(file, pack.session()));
        } else {
            InfoCommand.print(out, pack.session());
        }
        err.println(
                pack.whole()
                        ? "packed: " + Texts.counted(pack.messages(), "message") + " in "
                                + Texts.counted(pack.parts(), "part") + ", " + Texts.bytes(pack.bytes())
                        : "its end is missing: it is cut short, or damaged");
        err.flush();
        out.flush();
        return pack.whole() && pack.session() != null ? 0 : Slipstream.WITH_LOSS;
    }

    private int unpack() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        final Destination destination =
                target.out != null ? new Destination.Named(target.out) : new Destination.Among(target.into);
        final UnpackReport report =
                EditOptions.watched(err, monitor -> new SessionUnpacker(file).unpack(destination, monitor));
        report.remarks().forEach(remark -> err.println("note: " + Texts.printable(remark)));
        err.println("unpacked " + Texts.counted(report.info().frames(), "frame")
                + (report.whole() ? "" : "; something is missing"));
        err.flush();
        out.println(json ? SessionJson.one(report.session(), report.info()) : report.session());
        out.flush();
        return report.whole() ? 0 : Slipstream.WITH_LOSS;
    }
}
