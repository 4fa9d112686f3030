package io.slipstream.replay.cli;

import io.slipstream.queue.MessageQueue;
import io.slipstream.telemetry.session.Markers;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "mark",
        mixinStandardHelpOptions = true,
        description =
                "Marks this moment in what another process bridges or records. 'info' shows it, and 'replay' finds it.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipstream mark", "  slipstream mark 'lost the rear' --block my-race"})
final class MarkCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LABEL", arity = "0..1", defaultValue = "", description = "What to call it.")
    private String label;

    @Mixin
    private LiveOptions live;

    @Override
    public Integer call() throws IOException {
        final LiveDirectory directory = live.directory();
        directory.checkExists();
        if (!directory.isBridged()) {
            throw new CommandFailure("nobody bridges into " + directory.path()
                    + " now: there is no moment to mark. Start 'slipstream bridge' or 'slipstream record'");
        }
        final PrintWriter err = spec.commandLine().getErr();
        try (MessageQueue queue = directory.openForMarkers();
                Markers markers = new Markers(queue)) {
            err.println("marked " + Moments.time(markers.mark(Texts.printable(label))));
            err.flush();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return 0;
    }
}
