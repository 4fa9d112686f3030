package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A helper that is not what it should be: scripts in the place of Wine. */
@Timeout(60)
final class WineHelperTest {
    private static final Pattern FOUND = Pattern.compile("found (.*)");
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @BeforeEach
    void needsTheBridge() {
        assumeTrue(WineBridge.class.getResource(WineBridge.FILE_NAME) != null, "built without the bridge");
    }

    private WineHelper helper(String script) throws Exception {
        final Path loader = Files.createFile(
                directory.resolve("wine"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(loader, "#!/bin/sh\n" + script + "\n");
        return WineHelper.start(loader, Map.of("WINESYNC", "from the prefix"), directory, true, List.of("find", "x"));
    }

    @Test
    void shouldGiveItArgumentsAMarkAndThePrefixsVariables() throws Exception {
        try (WineHelper helper =
                helper("echo noise; echo \"found $2 $3 $4 $WINEPREFIX $WINESYNC $WINEDEBUG ${DISPLAY-none}\"")) {
            assertThat(helper.await(FOUND, LONG).group(1))
                    .isEqualTo("find x " + helper.mark() + " " + directory + " from the prefix -all none");
            assertThat(helper.said()).isEqualTo(": noise");
        }
    }

    @Test
    void shouldGiveUpOnOneThatSaysNothing() throws Exception {
        final WineHelper helper = helper("exec cat");
        try (helper) {
            assertThatThrownBy(() -> helper.await(FOUND, Duration.ofMillis(100)))
                    .isInstanceOf(SharedMemoryException.class)
                    .hasMessageContaining("did not answer");
            assertThat(helper.isAlive()).isTrue();
        }
        assertThat(helper.isAlive()).isFalse();
    }

    @Test
    void shouldReadNoMoreThanItNeeds() throws Exception {
        try (WineHelper helper =
                helper("head -c 3000000 /dev/zero | tr '\\0' x; yes | head -n 100000; printf '\\033[2Jend'; exit 5")) {
            assertThat(helper.await(FOUND, LONG)).isNull();
            assertThat(helper.exitCode()).isEqualTo(5);
            assertThat(helper.said()).doesNotContain("\033");
        }
    }

    @Test
    void shouldNotWaitForThoseWhoKeepItsOutputOpen() throws Exception {
        try (WineHelper helper = helper("sleep 8 & echo $! >" + directory.resolve("pid") + "; exit 3")) {
            assertThat(helper.await(FOUND, LONG)).isNull();
            assertThat(helper.exitCode()).isEqualTo(3);
            ProcessHandle.of(Long.parseLong(
                            Files.readString(directory.resolve("pid")).strip()))
                    .ifPresent(ProcessHandle::destroy);
        }
    }

    @Test
    void shouldEndOneThatDoesNotEnd() throws Exception {
        final WineHelper helper = helper("exec sleep 600");
        helper.close();
        assertThat(helper.isAlive()).isFalse();
        assertThat(helper.exitCode()).isNotZero();
    }

    @Test
    void shouldKeepOurOwnWinesVariablesFromAnothersPrefix() {
        final Map<String, String> variables = new HashMap<>(
                Map.of("WINEDLLPATH", "ours", "WINESERVER", "ours", "WINESYNC", "ours", "DISPLAY", ":0", "HOME", "/h"));
        WineHelper.adapt(variables, Map.of("WINESYNC", "theirs"), Path.of("/p"));
        assertThat(variables)
                .containsOnly(
                        Map.entry("WINESYNC", "theirs"),
                        Map.entry("HOME", "/h"),
                        Map.entry("WINEPREFIX", "/p"),
                        Map.entry("WINEDEBUG", "-all"));
    }
}
