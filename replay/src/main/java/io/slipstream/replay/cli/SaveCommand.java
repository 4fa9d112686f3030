package io.slipstream.replay.cli;

import io.slipstream.queue.MessageQueue;
import io.slipstream.telemetry.session.RecordingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "save",
        mixinStandardHelpOptions = true,
        description =
                "Saves the past: copies the newest of a live queue, which a bridge or a recording in another process"
                        + " fills, into a finished session. It begins with a keyframe, at most a second before what was asked for."
                        + " Standard output has the session's path.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream save --last 120s",
            "  slipstream save --last 10m --block my-race --into sessions --name 'Crash at Eau Rouge'",
            "",
            "Exit code 3: the live queue does not reach back that far, or it was stopped; what there is was saved."
        })
final class SaveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private LiveOptions live;

    @Mixin
    private SessionOptions session;

    @Option(
            names = "--last",
            paramLabel = "TIME",
            defaultValue = "120s",
            description = "How much, up to the newest message (default: ${DEFAULT-VALUE}).")
    private Duration last;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final LiveDirectory directory = live.directory();
        directory.checkExists();
        final RecordingPlan plan = session.plan();
        final BooleanSupplier stop = Termination.onRequest();
        try (MessageQueue queue = directory.openToRead()) {
            final PastSave save =
                    PastSave.save(queue, last, plan, stop, spec.commandLine().getErr());
            out.println(save.session());
            out.flush();
            return save.whole() ? 0 : Slipstream.WITH_LOSS;
        }
    }
}
