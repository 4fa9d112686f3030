package io.slipstream.replay.cli;

import io.slipstream.telemetry.session.RecordingPlan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a new session goes and what is said of it: what {@code record}, {@code bridge} and {@code save} have in common. */
final class SessionOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "Directory of sessions (default: ~/.local/share/slipstream/sessions).")
    private Path into = Places.sessions();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The session's own name, as 'Rainy test'; its directory has it in place of the track's.")
    private String name = "";

    @Option(
            names = "--meta",
            paramLabel = "KEY=VALUE",
            description = "What else to say of the session, as setup=wet; may be given again.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    RecordingPlan plan() {
        try {
            final RecordingPlan plan = new RecordingPlan(into).name(name);
            metadata.forEach(plan::metadata);
            return plan;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
