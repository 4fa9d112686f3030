package io.slipstream.replay.cli;

import io.slipstream.memory.SharedMemoryException;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.session.DiskSpace;
import io.slipstream.telemetry.session.RecordingPlan;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to sample, and what the live queue may take: what {@code record} and {@code bridge} have in common. */
final class BridgeOptions {
    @Mixin
    private BlockOptions block;

    @Option(
            names = "--live",
            paramLabel = "DIR",
            description = "The live queue (default: ~/.local/share/slipstream/live/BLOCK).")
    private Path live;

    @Option(
            names = "--keep",
            paramLabel = "TIME",
            description =
                    "How long the live queue keeps what is sampled, by whole files of five minutes (default: 30m).")
    private Duration keep = LiveBridge.Bounds.DEFAULT_AGE;

    @Option(
            names = "--keep-size",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description = "How much the live queue takes at most, but for the file that is written (default: 2GiB).")
    private long keepSize = LiveBridge.Bounds.DEFAULT_BYTES;

    @Option(
            names = "--keep-free",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description =
                    "Stop while the disk has this much room left; exit code 3 then (default: 1GB, or a twentieth of a"
                            + " disk below 20GB).")
    private long keepFree = -1;

    @Option(
            names = "--behind-copy",
            description = "The block is a copy that another program makes (some Proton bridges do): accept a frame only"
                    + " when two snapshots agree.")
    private boolean behindCopy;

    @Option(names = "--spin", description = "Never sleep between looks: the best time stamps, for one whole core.")
    private boolean spin;

    @Option(names = "--cpu", paramLabel = "N", description = "Pin the sampling thread to this processor.")
    private int cpu = -1;

    BlockOptions block() {
        return block;
    }

    /** Adds to a plan what to keep free. */
    RecordingPlan keepingFree(RecordingPlan plan) {
        return keepFree < 0 ? plan : plan.keepFree(keepFree);
    }

    LiveDirectory live() throws SharedMemoryException {
        return new LiveDirectory(live == null ? Places.live(block.name()) : live);
    }

    LiveBridge.Bounds bounds() {
        return new LiveBridge.Bounds(keep, keepSize, keepFree, DiskSpace.SYSTEM);
    }

    Bridge.Context context() throws SharedMemoryException {
        return new Bridge.Context()
                .format(block.format())
                .source(block.source())
                .behindCopy(behindCopy)
                .warmUp(true)
                .spin(spin)
                .cpu(cpu);
    }
}
