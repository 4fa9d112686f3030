package io.slipstream.replay.cli;

import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.WineBridge;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "proton",
        mixinStandardHelpOptions = true,
        description =
                "Starts a game under Proton or Wine so that its block is a file in /dev/shm, which every program on Linux"
                        + " can map. Needed only where the block is not found otherwise ('slipstream doctor' tells): in a sandbox,"
                        + " or for programs that know no other way.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"N:the game's own", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream proton -- %%command%%    # in Steam: the game's Properties > General > Launch Options",
            "  slipstream proton -- wine AMS2AVX.exe",
            "  slipstream proton --share 'Local\\acpmf_physics=800' -- %%command%%"
        })
final class ProtonCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--share",
            paramLabel = "NAME=BYTES",
            description =
                    "A block to share, as the game names it; may be repeated. Without it: the block of Project CARS 2"
                            + " and Automobilista 2.")
    private Map<String, Long> blocks = new LinkedHashMap<>();

    @Parameters(
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The game's command: %%command%% in Steam's launch options. Behind --.")
    private List<String> command = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        final Process game = new ProcessBuilder(changed()).inheritIO().start();
        while (true) {
            try {
                return game.waitFor();
            } catch (InterruptedException e) {
                // Whoever wants an end ends the game too; its code is ours.
                game.destroy();
            }
        }
    }

    private List<String> changed() {
        if (blocks.isEmpty()) {
            final BlockFormat format = GameFormats.load("pcars2");
            blocks.put(format.objectName(), (long) format.lengths().lastEntry().getValue());
        }
        try {
            return LaunchOptions.insert(command, WineBridge.share(blocks));
        } catch (SharedMemoryException | CommandFailure e) {
            // A game that does not start is worse than one that cannot be recorded.
            spec.commandLine()
                    .getErr()
                    .println("slipstream: starting the game without its block in /dev/shm: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return command;
        }
    }
}
