package io.slipstream.replay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that lets the shell complete commands, options and sessions.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(slipstream completion bash)                     # this shell",
            "  slipstream completion bash > ~/.local/share/bash-completion/completions/slipstream",
            "  slipstream completion zsh > ~/.slipstream.zsh            # and in ~/.zshrc: source ~/.slipstream.zsh"
        })
final class CompletionCommand implements Callable<Integer> {
    private static final String RESOURCE = "sessions.bash";

    enum Shell {
        BASH,
        ZSH;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    private Shell shell;

    @Override
    public Integer call() throws IOException {
        final CommandLine root = spec.root().commandLine();
        final PrintWriter out = spec.commandLine().getOut();
        // One script serves both: zsh takes what bash has by its own bashcompinit, which the script starts.
        out.println("# slipstream's completion for " + shell);
        out.print(AutoComplete.bash("slipstream", root));
        try (InputStream in = CompletionCommand.class.getResourceAsStream(RESOURCE)) {
            out.print(new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@COMMANDS@", commands(root)));
        }
        out.flush();
        return 0;
    }

    /** Commands that take a session, as a pattern of the shell. */
    private static String commands(CommandLine root) {
        return root.getSubcommands().entrySet().stream()
                .filter(entry -> takesSession(entry.getValue().getCommandSpec()))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining("|"));
    }

    private static boolean takesSession(CommandSpec command) {
        return command.positionalParameters().stream()
                .anyMatch(argument ->
                        List.of(argument.paramLabel().split("\\W+", -1)).contains("SESSION"));
    }
}
