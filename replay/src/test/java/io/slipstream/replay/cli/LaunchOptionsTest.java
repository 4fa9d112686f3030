package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LaunchOptionsTest {
    private static final List<String> BRIDGE = List.of("bridge.exe", "share", "$pcars2$", "20700", "--");

    @TempDir
    Path directory;

    private static String changed(String command) {
        return String.join(" ", LaunchOptions.insert(List.of(command.split(" ")), BRIDGE));
    }

    @Test
    void shouldPutTheBridgeBehindProtonsVerb() {
        final String steam = "/steam/reaper SteamLaunch AppId=1066890 -- /runtime/_v2-entry-point"
                + " --verb=waitforexitandrun -- /games/Proton/proton waitforexitandrun ";
        assertThat(changed(steam + "/games/AMS2/AMS2AVX.exe -novid wine"))
                .isEqualTo(steam + "bridge.exe share $pcars2$ 20700 -- /games/AMS2/AMS2AVX.exe -novid wine");
        assertThat(changed("proton run C:\\game.exe"))
                .isEqualTo("proton run bridge.exe share $pcars2$ 20700 -- C:\\game.exe");
    }

    @Test
    void shouldPutTheBridgeBehindWine() {
        assertThat(changed("env X=1 /usr/bin/wine64 game -x"))
                .isEqualTo("env X=1 /usr/bin/wine64 bridge.exe share $pcars2$ 20700 -- game -x");
        assertThat(changed("mangohud wine game.exe"))
                .isEqualTo("mangohud wine bridge.exe share $pcars2$ 20700 -- game.exe");
    }

    @Test
    void shouldPutTheBridgeBeforeAProgramThatAnythingElseStarts() {
        assertThat(changed("umu-run Game.EXE -x")).isEqualTo("umu-run bridge.exe share $pcars2$ 20700 -- Game.EXE -x");
    }

    @Test
    void shouldFindTheLauncherInAFolderOfAnyName() throws Exception {
        final Path folder = Files.createDirectories(directory.resolve("50% of a #1/target"));
        final Path launcher = Files.createFile(
                folder.resolveSibling("slipstream"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(LaunchOptions.launcher(folder.resolve("classes").toUri().toURL()))
                .isEqualTo(launcher.toString());
        assertThat(LaunchOptions.launcher(URI.create("jrt:/java.base").toURL())).isEqualTo("slipstream");
    }

    @Test
    void shouldSayThatThereIsNoWindowsProgram() {
        assertThatThrownBy(() -> changed("/usr/bin/true wine"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("/usr/bin/true wine")
                .hasMessageContaining("proton -- %command%");
    }
}
