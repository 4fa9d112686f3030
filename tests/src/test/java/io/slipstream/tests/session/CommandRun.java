package io.slipstream.tests.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.replay.cli.Slipstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A command that was run in this JVM, as a process of its own takes longer to start than most commands to run.
 *
 * @param out what it wrote to standard output.
 * @param err what it wrote to standard error.
 */
record CommandRun(String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs a command that ends with an exit code, and never with a stack trace. */
    static CommandRun of(int code, Object... words) {
        final String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int ended = Slipstream.run(new PrintWriter(out), new PrintWriter(err), arguments);
        assertThat(ended)
                .as("exit code of %s%n--- out%n%s--- err%n%s", Arrays.toString(arguments), out, err)
                .isEqualTo(code);
        assertThat(err.toString()).doesNotContain("\tat ");
        return new CommandRun(out.toString(), err.toString());
    }

    JsonNode json() throws IOException {
        return JSON.readTree(out);
    }

    /** The path on the last line of standard output. */
    Path path() {
        return Path.of(out.lines().toList().getLast());
    }
}
