package io.slipstream.replay.cli;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.Processes;
import io.slipstream.memory.ScratchDirectory;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.WinePrefix;
import io.slipstream.memory.WinePrefixes;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.replay.player.BlockLiveness;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.source.WineSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Looks for the game and its block, says what was tried, what was found and what to do next. Changes"
                        + " nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:a block was found that can be recorded", "1:none was found"},
        footerHeading = "%nExamples:%n",
        footer = {"  slipstream doctor", "  slipstream doctor --block my-race", "  slipstream doctor --json | jq .found"
        })
final class DoctorCommand implements Callable<Integer> {
    private static final List<String> GAMES = List.of("ams2avx.exe", "ams2.exe", "pcars2avx.exe", "pcars2.exe");

    @Spec
    private CommandSpec spec;

    @Mixin
    private BlockOptions block;

    @Option(names = "--json", description = "What was found as one JSON object.")
    private boolean json;

    private final List<Map<String, String>> checks = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();
    private PrintWriter out;
    private boolean found;

    @Override
    public Integer call() throws IOException {
        out = spec.commandLine().getOut();
        final BlockFormat format = block.format();
        say(
                "ok",
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version"));
        checkQueue();
        final List<String> games = games();
        if (!block.isNamed()) {
            say(
                    games.isEmpty() ? "--" : "ok",
                    games.isEmpty() ? "no game runs" : "running: " + String.join(", ", games));
        }
        checkBlock(block.name(), format);
        if (block.triesWine()) {
            checkWine(format);
        }
        if (!found) {
            advise(!games.isEmpty());
        }
        if (json) {
            printJson();
        } else if (!advice.isEmpty()) {
            out.println();
            out.println("What to do next:");
            advice.forEach(line -> out.println("  " + line));
        }
        out.flush();
        return found ? 0 : 1;
    }

    private void checkQueue() throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create("slipstream-doctor");
                MessageQueue queue = MessageQueue.open(scratch.path().resolve("queue"))) {
            say("ok", "queues work (tried in " + queue.directory().getParent() + ")");
        } catch (RuntimeException e) {
            say("!!", "queues do not work: " + e.getMessage());
        }
    }

    private static List<String> games() {
        final List<String> games = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                final String command = command(process).toLowerCase(Locale.ROOT);
                for (String game : GAMES) {
                    if (command.endsWith(game)) {
                        games.add(game + " (process " + process.getFileName() + ")");
                    }
                }
            }
        } catch (IOException e) {
            // No /proc: the search below says so.
            return games;
        }
        return games;
    }

    /** The program's own name, as Windows programs under Wine have it: the first argument. */
    private static String command(Path process) {
        try {
            final String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            final int end = line.indexOf('\0');
            return end < 0 ? line : line.substring(0, end);
        } catch (IOException e) {
            // It has ended, or it is another user's.
            return "";
        }
    }

    private void checkBlock(BlockName name, BlockFormat format) {
        final int sequenceOffset = format.field("mSequenceNumber").offset();
        try (MappedBlock mapped = MappedBlock.openReadOnly(name)) {
            final UnsafeBuffer buffer = mapped.buffer();
            final int least = format.lengths().firstEntry().getValue();
            if (mapped.length() < least) {
                say(
                        "!!",
                        mapped.name() + " has " + mapped.length() + " bytes; a block of " + format.title()
                                + " has at least " + least);
                return;
            }
            final long version = format.version(buffer, 0);
            if (version == 0) {
                say("!!", mapped + " exists, but no game has written to it yet");
                return;
            }
            final boolean alive = BlockLiveness.isAlive(mapped, sequenceOffset);
            say(
                    alive ? "ok" : "!!",
                    mapped + ": version " + version
                            + (format.knows(version)
                                    ? ""
                                    : " (newer than " + format.newestVersion() + ", read as that)")
                            + ", game state " + gameState(format, buffer)
                            + (BlockTrailer.isPresent(buffer) ? ", written by " + writer(buffer) : "")
                            + (alive ? "" : "; nothing writes it now"));
            found |= alive;
        } catch (SharedMemoryException e) {
            say(e.error() == SharedMemoryError.NOT_FOUND ? "--" : "!!", e.getMessage());
        }
    }

    private static String gameState(BlockFormat format, UnsafeBuffer buffer) {
        final var field = format.field("mGameState");
        return format.enumName(field, field.integer(buffer, 0));
    }

    private static String writer(UnsafeBuffer buffer) {
        final String what = BlockTrailer.replay(buffer) ? "a replay" : "a simulator";
        final long pid = BlockTrailer.writerPid(buffer);
        return what + (pid != 0 && Processes.isAlive(pid) ? " (process " + pid + ")" : " that has ended");
    }

    private void checkWine(BlockFormat format) throws IOException {
        final List<WineSource.Candidate> candidates = new WineSource(format).search();
        if (candidates.isEmpty()) {
            say("--", "no process of yours has a mapping of Wine's open (/proc/*/fd)");
        }
        for (WineSource.Candidate candidate : candidates) {
            if (candidate.problem() == null) {
                say("ok", candidate.path() + " (" + candidate.target() + ") holds the block");
                found = true;
            }
        }
        if (!found && !candidates.isEmpty()) {
            say(
                    "--",
                    candidates.size() + " mappings of Wine's were looked at, none holds the block; the first: "
                            + candidates.get(0).path() + ": "
                            + candidates.get(0).problem());
        }
        checkPrefixes(format);
    }

    private void checkPrefixes(BlockFormat format) {
        for (WinePrefix prefix : WinePrefixes.running()) {
            final List<String> programs =
                    prefix.programs().stream().map(WinePrefix.Program::name).toList();
            say(
                    "ok",
                    (prefix.isProton() ? "Proton" : "Wine") + " runs in " + prefix.path() + ": "
                            + (programs.isEmpty() ? "no program but its own" : String.join(", ", programs)));
            if (prefix.loader() == null) {
                say("--", "its Wine cannot be started from here (a sandbox?), so names cannot be asked for in it");
            }
        }
        if (!found) {
            checkName(format);
        }
    }

    /** What holds no block yet is not known by its content, but by its name. */
    private void checkName(BlockFormat format) {
        final BlockName name = new BlockName.Wine(format.objectName());
        try (SharedBlock named = SharedBlock.attach(name, BlockAccess.READ_ONLY)) {
            say(
                    "!!",
                    named.nativeName() + " is there (" + named.size() + " bytes, version "
                            + format.version(named.buffer(), 0) + "), but what is in it is no block that can be read;"
                            + " does the game race yet?");
        } catch (SharedMemoryException e) {
            say("--", e.getMessage());
        }
    }

    private void advise(boolean running) throws IOException {
        if (block.isNamed()) {
            advice.add("start what writes " + block.name() + ", for instance");
            advice.add("  slipstream simulate --block '" + block.name() + "'");
        } else if (running) {
            advice.add("in the game: Options > System > Shared Memory: \"Project CARS 2\", then restart the game;");
            advice.add("run slipstream as the same user as the game.");
        } else {
            advice.add("start Automobilista 2 or Project CARS 2 with Shared Memory set to \"Project CARS 2\","
                    + " then run this again;");
            advice.add("or try without a game:  slipstream demo");
        }
        if (block.triesWine()) {
            advice.add("If the game runs and is not found even so, put this line into Steam, as it is: the game's"
                    + " Properties > General > Launch Options");
            advice.add("  " + LaunchOptions.line());
        }
    }

    private void say(String mark, String text) {
        if (json) {
            final String status = switch (mark) {
                case "ok" -> "ok";
                case "--" -> "absent";
                default -> "problem";
            };
            checks.add(Map.of("status", status, "text", text));
        } else {
            out.println("[" + mark + "] " + text);
        }
    }

    private void printJson() {
        final Map<String, Object> report = new LinkedHashMap<>();
        report.put("found", found);
        report.put("checks", checks);
        report.put("advice", advice.stream().map(String::strip).toList());
        out.println(BlockJson.pretty(report));
    }
}
