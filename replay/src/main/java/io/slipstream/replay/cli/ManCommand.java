package io.slipstream.replay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = "Prints the manual page of a command, for man.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream man | man -l -",
            "  slipstream man memory watch | man -l -",
            "  slipstream man --into ~/.local/share/man/man1      # then: man slipstream-sql"
        })
final class ManCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command; without it slipstream itself.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--into", paramLabel = "DIR", description = "Write the pages of all commands into this directory.")
    private Path into;

    @Override
    public Integer call() throws IOException {
        final CommandLine root = spec.root().commandLine();
        if (into != null) {
            if (!names.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "--into writes the pages of all commands: give no COMMAND with it");
            }
            Files.createDirectories(into);
            final int pages = write(root);
            spec.commandLine().getErr().println(Texts.count(pages) + " pages in " + into);
            spec.commandLine().getErr().flush();
            return 0;
        }
        CommandLine command = root;
        for (String name : names) {
            final CommandLine found = command.getSubcommands().get(name);
            if (found == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no command '" + name + "' in "
                                + command.getCommandSpec().qualifiedName() + "; it has: "
                                + String.join(", ", command.getSubcommands().keySet()));
            }
            command = found;
        }
        spec.commandLine().getOut().print(ManPage.of(command.getCommandSpec()));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private int write(CommandLine command) throws IOException {
        final CommandSpec one = command.getCommandSpec();
        if (one.usageMessage().hidden()) {
            return 0;
        }
        Files.writeString(into.resolve(ManPage.name(one) + ".1"), ManPage.of(one));
        int pages = 1;
        for (CommandLine below : command.getSubcommands().values()) {
            pages += write(below);
        }
        return pages;
    }
}
