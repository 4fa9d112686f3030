package io.slipstream.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The native side of the benchmarks, {@code tests/src/main/c/bench.c}: a process for each thing it does. */
final class NativeProgram extends ChildProcess {
    /** Starts it in a mode. */
    NativeProgram(Path program, Object... arguments) throws IOException {
        super(command(program, arguments));
    }

    private static List<String> command(Path program, Object... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(program.toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** Runs it in a mode that prints one line of figures, and reads them. */
    static double[] figures(Path program, Object... arguments) throws IOException {
        try (NativeProgram running = new NativeProgram(program, arguments)) {
            final String[] words = running.line().split(" ", -1);
            final double[] figures = new double[words.length];
            for (int i = 0; i < words.length; i++) {
                figures[i] = Double.parseDouble(words[i]);
            }
            return figures;
        }
    }
}
