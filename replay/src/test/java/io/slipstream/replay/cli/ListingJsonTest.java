package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.replay.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every command that lists something lists it as JSON too. */
final class ListingJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @TempDir
    static Path directory;

    private static Sessions sessions;
    private static String session;
    private static final BlockName BLOCK = new BlockName.Posix(
            "slipstream-test-" + Long.toHexString(ThreadLocalRandom.current().nextLong()));

    @BeforeAll
    static void record() throws Exception {
        sessions = new Sessions(directory);
        session = sessions.frames(60, Sessions.START_NS, 10_000_000)
                .record()
                .finish()
                .toString();
        SharedBlock.create(BLOCK, 4096).close();
    }

    @AfterAll
    static void close() throws Exception {
        sessions.close();
        SharedBlock.remove(BLOCK);
    }

    /** What lists something, and the arguments with which it is tried. */
    private static Map<String, List<String>> listings() {
        final Map<String, List<String>> listings = new LinkedHashMap<>();
        listings.put("sessions", List.of("--in", directory.resolve("sessions").toString()));
        listings.put("info", List.of(session));
        listings.put("sql", List.of("select * from sessions", session));
        listings.put("verify", List.of(session));
        listings.put("export", List.of(session, "--list-channels"));
        listings.put("tail", List.of(session, "--from", "start", "--count", "1"));
        listings.put("doctor", List.of("--block", BLOCK.toString()));
        listings.put("memory list", List.of());
        listings.put("memory info", List.of(BLOCK.toString()));
        return listings;
    }

    @Test
    void shouldPrintJsonWhereverSomethingIsListed() throws IOException {
        for (Map.Entry<String, List<String>> listing : listings().entrySet()) {
            final List<String> arguments =
                    new ArrayList<>(List.of(listing.getKey().split(" ", -1)));
            arguments.addAll(listing.getValue());
            arguments.add("--json");
            final StringWriter out = new StringWriter();
            final StringWriter err = new StringWriter();
            final int code =
                    Slipstream.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
            // The doctor found no block that is written to; it says so in JSON.
            assertThat(code)
                    .as("%s: %s", arguments, err)
                    .isEqualTo(listing.getKey().equals("doctor") ? 1 : 0);
            final JsonNode node = JSON.readTree(out.toString());
            assertThat(node.isContainerNode() && !node.isEmpty())
                    .as("%s: %s", arguments, out)
                    .isTrue();
        }
        final StringWriter out = new StringWriter();
        assertThat(Slipstream.run(
                        new PrintWriter(out),
                        new PrintWriter(new StringWriter()),
                        "sql",
                        "--schema",
                        "--json",
                        session))
                .isZero();
        assertThat(JSON.readTree(out.toString())).hasSize(4);
    }

    @Test
    void shouldKnowOfEveryCommandThatLists() {
        final List<String> missing = new ArrayList<>();
        look(new CommandLine(Slipstream.class), "", missing);
        assertThat(missing)
                .as("commands that say what there is: give them --json and add them to the listings of this test")
                .isEmpty();
    }

    private static void look(CommandLine command, String name, List<String> missing) {
        final String description =
                String.join(" ", command.getCommandSpec().usageMessage().description());
        final boolean lists = description.startsWith("Lists ") || description.startsWith("Says ");
        if (lists && !(listings().containsKey(name) && command.getCommandSpec().findOption("--json") != null)) {
            missing.add(name);
        }
        listings().keySet().stream()
                .filter(name::equals)
                .filter(listing -> command.getCommandSpec().findOption("--json") == null)
                .forEach(missing::add);
        command.getSubcommands().forEach((sub, line) -> look(line, name.isEmpty() ? sub : name + " " + sub, missing));
    }
}
