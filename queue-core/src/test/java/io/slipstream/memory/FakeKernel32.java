package io.slipstream.memory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A library with kernel32's functions, for Linux: {@code src/test/c/kernel32.c}, built with the C compiler that is there. */
final class FakeKernel32 {
    private static SymbolLookup built;

    private FakeKernel32() {}

    static Kernel32 calls(Path scratch) throws IOException, InterruptedException {
        return new Kernel32Calls(library(scratch), "errno");
    }

    @SuppressWarnings("restricted") // Tests may.
    private static synchronized SymbolLookup library(Path scratch) throws IOException, InterruptedException {
        if (built == null) {
            final Path library = scratch.resolve("libkernel32.so");
            built = compile(library) ? SymbolLookup.libraryLookup(library, Arena.global()) : null;
        }
        assumeTrue(built != null, "no C compiler");
        return built;
    }

    private static boolean compile(Path library) throws InterruptedException {
        try {
            final int status = new ProcessBuilder(
                            System.getenv().getOrDefault("CC", "cc"),
                            "-shared",
                            "-fPIC",
                            "-o",
                            library.toString(),
                            Path.of("src/test/c/kernel32.c").toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            return status == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** How many handles, views or libraries are open: {@code open_handles} and so on. */
    @SuppressWarnings("restricted") // Tests may.
    static int count(String function) throws Throwable {
        return (int) Linker.nativeLinker()
                .downcallHandle(built.findOrThrow(function), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                .invokeExact();
    }
}
