package io.slipstream.replay.cli;

import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditReport;
import io.slipstream.replay.edit.SessionAnonymiser;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "anonymise",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a session in which nobody is named: everybody becomes 'Driver 1' and so on, the same one"
                    + " everywhere.",
            "Names are replaced in markers, in the session's name and in its metadata too, and so are home"
                    + " directories; what else these say stays, as do cars, nationalities, times and places. The session"
                    + " itself stays as it is."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream anonymise sessions/NAME --out to-share",
            "  slipstream anonymise sessions/NAME --out to-share --keep-player",
            "  slipstream anonymise sessions/NAME --out to-share --fields 'crew[].name,engineer'   # of a format of"
                    + " one's own"
        })
final class AnonymiseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The new session's directory; there must be none yet.")
    private Path out;

    @Option(names = "--keep-player", description = "Leave the player's own name: whom the camera follows at the start.")
    private boolean keepPlayer;

    @Option(
            names = "--fields",
            paramLabel = "FIELD",
            split = ",",
            description = "More fields that name people; [] stands for every element.")
    private List<String> fields = new ArrayList<>();

    @Mixin
    private EditOptions options;

    @Override
    public Integer call() throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            final SessionAnonymiser anonymiser = new SessionAnonymiser(reader, fields);
            final EditReport report =
                    options.run(spec, monitor -> anonymiser.anonymise(new Destination.Named(out), keepPlayer, monitor));
            return options.print(spec, "anonymised", report);
        }
    }
}
