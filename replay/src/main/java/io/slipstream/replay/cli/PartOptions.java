package io.slipstream.replay.cli;

import io.slipstream.telemetry.session.RecordingPlan;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** In what parts a recording is made, and how much it may take. */
final class PartOptions {
    private static final long LEAST_PART = 1_000_000;
    private static final long LEAST_QUOTA = 16_000_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--split-size",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description = "Go on in a new session before one is larger, as 500MB. Each part stands alone.")
    private Long splitSize;

    @Option(
            names = "--split-time",
            paramLabel = "TIME",
            description = "Go on in a new session when one is so long, as 10m.")
    private Duration splitTime;

    @Option(
            names = "--quota",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description =
                    "Stop when this recording takes so much on disk; exit code 3 then. No other recording is touched.")
    private Long quota;

    @Option(
            names = "--quota-oldest",
            description = "Delete this recording's oldest parts instead of stopping; without --split-size the parts"
                    + " are a quarter of the quota at most.")
    private boolean quotaOldest;

    RecordingPlan apply(RecordingPlan plan) {
        if (splitSize != null) {
            check(splitSize >= LEAST_PART, "--split-size: a part has at least " + Texts.bytes(LEAST_PART));
            plan.splitBytes(splitSize);
        }
        if (splitTime != null) {
            check(splitTime.toSeconds() >= 1, "--split-time: a part has at least 1s");
            plan.splitTime(splitTime);
        }
        check(quota != null || !quotaOldest, "--quota-oldest: give the --quota, too");
        if (quota != null) {
            check(quota >= LEAST_QUOTA, "--quota: give at least " + Texts.bytes(LEAST_QUOTA));
            check(
                    !quotaOldest || splitSize == null || splitSize <= quota / 2,
                    "--quota-oldest: parts of more than half of the --quota leave none to delete");
            plan.quota(quota, quotaOldest);
        }
        return plan;
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
