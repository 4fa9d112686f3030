package io.slipstream.tests.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the build installs is a package that programs find and link, wherever it is moved to. */
final class NativePackageTest {
    private static final Path ROOT = Path.of(System.getProperty("slipstream.root"));
    private static final Path SOURCES = ROOT.resolve("queue-core/src/main/c");
    private static final Path LIBRARY = ROOT.resolve("queue-core/target/native");
    private static final Path TELEMETRY = ROOT.resolve("telemetry-bridge/target/native");
    private static final List<String> STRICT =
            List.of("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror");

    @TempDir
    Path directory;

    private Path prefix;

    @BeforeEach
    void movesThePackage() throws Exception {
        assumeTrue(Files.exists(LIBRARY.resolve("include/slipstream.h")), "the native library was not built");
        prefix = directory.resolve("moved");
        Tool.run(directory, "cp", "-a", LIBRARY.toString(), prefix.toString());
        Tool.run(directory, "cp", "-a", TELEMETRY + "/.", prefix.toString());
    }

    @Test
    void shouldBeFoundByCMakeAndLinkBothWays() throws Exception {
        Files.writeString(directory.resolve("program.c"), """
                #include <slipstream.h>
                #include <slipstream_telemetry/carState.h>
                int main(void) { return ss_version() == NULL || slipstream_telemetry_carState_sbe_schema_id() != 101; }
                """);
        Files.writeString(directory.resolve("CMakeLists.txt"), """
                cmake_minimum_required(VERSION 3.20)
                project(program LANGUAGES C)
                find_package(slipstream 0.1 REQUIRED)
                find_package(slipstream-telemetry 0.1 REQUIRED)
                add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror)
                add_executable(shared program.c)
                target_link_libraries(shared slipstream::telemetry)
                add_executable(static program.c)
                get_target_property(headers slipstream::telemetry INTERFACE_INCLUDE_DIRECTORIES)
                target_include_directories(static SYSTEM PRIVATE ${headers})
                target_link_libraries(static slipstream::slipstream_static)
                """);
        build(directory, directory.resolve("built"));

        Tool.run(directory, directory.resolve("built/shared").toString());
        Tool.run(directory, directory.resolve("built/static").toString());
    }

    @Test
    void shouldBeFoundByPkgConfig() throws Exception {
        Tool.needs("pkg-config", "cc");
        Files.writeString(
                directory.resolve("program.c"),
                "#include <slipstream.h>\nint main(void) { return ss_version() == NULL; }\n");
        final Map<String, String> environment = Map.of("PKG_CONFIG_PATH", prefix.resolve("lib/pkgconfig") + "");
        for (String linking : List.of("", "--static")) {
            final String flags = Tool.run(
                    directory,
                    environment,
                    List.of("sh", "-c", "pkg-config --cflags --libs " + linking + " slipstream"));
            Tool.run(
                    directory,
                    "sh",
                    "-c",
                    "cc " + linking.replace("--", "-") + " program.c -o program " + flags.strip());
            Tool.run(
                    directory,
                    Map.of("LD_LIBRARY_PATH", prefix.resolve("lib").toString()),
                    List.of(directory.resolve("program").toString()));
        }
    }

    @Test
    void shouldBuildItsExamplesWhereTheyAreInstalled() throws Exception {
        build(prefix.resolve("share/slipstream/examples"), directory.resolve("built"));

        assertThat(directory.resolve("built/publisher")).isExecutable();
    }

    @Test
    void shouldExportTheDocumentedFunctionsAlone() throws Exception {
        Tool.needs("nm");
        final String symbols = Tool.run(
                directory,
                "nm",
                "-D",
                "--defined-only",
                prefix.resolve("lib/libslipstream.so").toString());
        final String header = Files.readString(prefix.resolve("include/slipstream.h"));

        final List<String> exported =
                symbols.lines().map(line -> line.replaceAll(".* ", "")).toList();
        assertThat(exported).isNotEmpty().allMatch(symbol -> header.contains(symbol + "("));
    }

    @Test
    void shouldHoldNoPathOfTheMachineThatBuiltIt() throws Exception {
        for (Path file : Tool.files(prefix)) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(ROOT.toString()))
                    .as(file.toString())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"g++", "clang++"})
    void shouldCompileWithoutWarningsInCpp(String compiler) throws Exception {
        Tool.needs(compiler);
        final StringBuilder program = new StringBuilder("#include <slipstream.hpp>\n");
        for (Path header : headers("cpp")) {
            program.append("#include <slipstream_telemetry/")
                    .append(header.getFileName())
                    .append(">\n");
        }
        program.append("""
                double height(const slipstream::Message &message) {
                  return message.wrap<slipstream::telemetry::CarState>().position().y();
                }
                int main() { return 0; }
                """);
        Files.writeString(directory.resolve("program.cpp"), program);
        for (String standard : List.of("-std=c++17", "-std=c++20")) {
            compile(compiler, standard, "cpp", "program.cpp");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "clang"})
    void shouldCompileWithoutWarningsInC(String compiler) throws Exception {
        Tool.needs(compiler);
        final StringBuilder program = new StringBuilder("#include <slipstream.h>\n");
        for (Path header : headers("c")) {
            program.append("#include <slipstream_telemetry/")
                    .append(header.getFileName())
                    .append(">\n");
        }
        Files.writeString(directory.resolve("program.c"), program.append("int main(void) { return 0; }\n"));
        compile(compiler, "-std=c11", "c", "program.c");
    }

    @Test
    void shouldCrossCompileForArmAndRunThere() throws Exception {
        Tool.needs("cmake", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++", "qemu-aarch64-static");
        final Path built = directory.resolve("arm");
        final Path codecs = prefix.resolve("share/slipstream/examples/codecs");
        Tool.run(
                directory,
                "cmake",
                "-S",
                SOURCES.toString(),
                "-B",
                built.toString(),
                "--toolchain",
                SOURCES.resolve("cmake/aarch64-linux-gnu.cmake").toString(),
                "-DSLIPSTREAM_BUILD_EXAMPLES=ON",
                "-DSLIPSTREAM_EXAMPLE_CODECS=" + codecs);
        Tool.run(directory, "cmake", "--build", built.toString());

        Tool.run(
                directory,
                "qemu-aarch64-static",
                "-L",
                "/usr/aarch64-linux-gnu",
                built.resolve("examples/publisher").toString(),
                directory.resolve("quotes").toString(),
                codecs.resolve("c/example-schema.sbeir").toString(),
                "10");
        assertThat(Tool.files(directory.resolve("quotes")))
                .anyMatch(file -> file.toString().endsWith(".cq4"));
    }

    @Test
    void shouldGoOnAndSaySoWithoutACompiler() throws Exception {
        final Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of("sh", "sed", "grep", "uname")) {
            Files.createSymbolicLink(
                    tools.resolve(tool),
                    Path.of(Tool.run(directory, "sh", "-c", "command -v " + tool)
                            .strip()));
        }
        final String shell = tools.resolve("sh").toString();
        final List<String> command = List.of(
                shell,
                SOURCES.resolve("build").toString(),
                SOURCES.toString(),
                directory.resolve("build").toString(),
                directory.resolve("native").toString());
        final Tool.Output output = Tool.ending(directory, Map.of("PATH", tools.toString()), command);

        assertThat(output.status()).isZero();
        assertThat(output.text().lines()).hasSize(1);
        assertThat(output.text())
                .contains("slipstream: native library skipped: no cmake")
                .contains("apt install");
    }

    private List<Path> headers(String language) throws IOException {
        return Tool.files(prefix.resolve("include/slipstream-telemetry").resolve(language));
    }

    private void compile(String compiler, String standard, String language, String program) throws Exception {
        final List<String> command = new ArrayList<>(List.of(compiler, standard, "-fsyntax-only"));
        command.addAll(STRICT);
        command.addAll(List.of("-I", prefix.resolve("include").toString()));
        command.addAll(List.of(
                "-isystem",
                prefix.resolve("include/slipstream-telemetry").resolve(language).toString()));
        command.add(program);
        Tool.run(directory, Map.of(), command);
    }

    private void build(Path source, Path built) throws Exception {
        Tool.needs("cmake");
        Tool.run(directory, "cmake", "-S", source.toString(), "-B", built.toString(), "-DCMAKE_PREFIX_PATH=" + prefix);
        Tool.run(directory, "cmake", "--build", built.toString());
    }
}
