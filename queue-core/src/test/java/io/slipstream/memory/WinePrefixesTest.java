package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prefixes as their wineservers show them: other programs of that name, where a wineserver would be. */
@Timeout(60)
final class WinePrefixesTest {
    @TempDir
    Path directory;

    private Path prefix;
    private Path server;

    @BeforeEach
    void makeAPrefix() throws Exception {
        final Path cat = Path.of("/bin/cat");
        assumeTrue(Files.isExecutable(cat) && Files.isReadable(Path.of("/proc/self/environ")), "no Linux");
        prefix = Files.createDirectory(directory.toRealPath().resolve("prefix"));
        server = Files.copy(cat.toRealPath(), prefix.resolveSibling("wineserver"));
    }

    /** Starts it, and returns what is seen of it; null if it does not start. */
    private WinePrefix seen(Path named, List<String> before) throws Exception {
        final long device = ((Number) Files.getAttribute(prefix, "unix:dev")).longValue();
        final long inode = ((Number) Files.getAttribute(prefix, "unix:ino")).longValue();
        final Path own = Files.createDirectory(
                prefix.resolveSibling("server-" + Long.toHexString(device) + "-" + Long.toHexString(inode)));
        final ProcessBuilder builder = new ProcessBuilder(before).directory(own.toFile());
        builder.command().add(server.toString());
        builder.environment().put("WINEPREFIX", named.toString());
        final Process process = builder.start();
        try (BufferedReader reader = process.inputReader()) {
            process.outputWriter().append("started\n").flush();
            if (reader.readLine() == null) {
                return null;
            }
            return WinePrefixes.running().stream()
                    .filter(running -> running.server() == process.pid())
                    .findFirst()
                    .orElseThrow();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldTellTheRealPath() throws Exception {
        final Path link = Files.createSymbolicLink(prefix.resolveSibling("link"), prefix);
        assertThat(seen(link, new ArrayList<>()).path()).isEqualTo(prefix);
    }

    @Test
    void shouldReachAPrefixThroughItsSandbox() throws Exception {
        final Path inside = Files.createDirectory(prefix.resolveSibling("inside"));
        final WinePrefix sandboxed = seen(
                inside,
                new ArrayList<>(List.of(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"",
                        prefix.toString(),
                        inside.toString())));
        assumeTrue(sandboxed != null, "no namespaces here");
        assertThat(sandboxed.path().toString()).isEqualTo("/proc/" + sandboxed.server() + "/root" + inside);
    }
}
