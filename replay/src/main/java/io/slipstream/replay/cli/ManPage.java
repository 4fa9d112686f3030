package io.slipstream.replay.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A command's manual page in roff, for {@code man}, made from what its help says. */
final class ManPage {
    private final CommandSpec command;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandSpec command) {
        this.command = command;
    }

    /** The page of a command. */
    static String of(CommandSpec command) {
        return new ManPage(command).write();
    }

    /** What the page is called: {@code slipstream-memory-list}. */
    static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private String write() {
        final UsageMessageSpec usage = command.usageMessage();
        macro("TH", name(command).toUpperCase(Locale.ROOT), "1", "", version(), "Slipstream");
        section("NAME");
        page.append(escape(name(command))).append(" \\- ");
        line(firstSentence(texts(usage.description())));
        section("SYNOPSIS");
        synopsis();
        section("DESCRIPTION");
        texts(usage.description()).forEach(this::line);
        arguments();
        options();
        commands();
        exitCodes(usage.exitCodeList());
        examples(texts(usage.footer()));
        seeAlso();
        return page.toString();
    }

    private String version() {
        final String[] version = command.root().version();
        return version.length == 0 ? "" : version[0];
    }

    private void synopsis() {
        page.append("\\fB").append(escape(command.qualifiedName())).append("\\fR");
        if (command.options().stream().anyMatch(option -> !option.hidden())) {
            page.append(" [\\fIOPTIONS\\fR]");
        }
        for (PositionalParamSpec argument : command.positionalParameters()) {
            final boolean optional = argument.arity().min() == 0;
            page.append(optional ? " [" : " ");
            page.append("\\fI").append(escape(argument.paramLabel())).append("\\fR");
            page.append(argument.arity().max() > 1 ? " ..." : "").append(optional ? "]" : "");
        }
        if (!command.subcommands().isEmpty()) {
            page.append(" \\fICOMMAND\\fR");
        }
        page.append('\n');
    }

    private void arguments() {
        final List<PositionalParamSpec> shown = command.positionalParameters().stream()
                .filter(argument -> !argument.hidden())
                .toList();
        if (!shown.isEmpty()) {
            section("ARGUMENTS");
            for (PositionalParamSpec argument : shown) {
                entry("\\fI" + escape(argument.paramLabel()) + "\\fR", argument);
            }
        }
    }

    private void options() {
        final List<OptionSpec> shown =
                command.options().stream().filter(option -> !option.hidden()).toList();
        if (!shown.isEmpty()) {
            section("OPTIONS");
            for (OptionSpec option : shown) {
                final List<String> names = new ArrayList<>();
                for (String name : option.names()) {
                    names.add("\\fB" + escape(name) + "\\fR");
                }
                final String value = option.arity().max() == 0
                        ? ""
                        : (option.longestName().startsWith("--") ? "=" : " ") + "\\fI" + escape(option.paramLabel())
                                + "\\fR";
                entry(String.join(", ", names) + value, option);
            }
        }
    }

    private void entry(String head, ArgSpec argument) {
        page.append(".TP\n").append(head).append('\n');
        final List<String> description = texts(argument.description());
        description.forEach(this::line);
        if (description.isEmpty()) {
            page.append("\\&\n");
        }
    }

    private void commands() {
        if (command.subcommands().isEmpty()) {
            return;
        }
        section("COMMANDS");
        command.subcommands().forEach((name, line) -> {
            page.append(".TP\n\\fB").append(escape(name)).append("\\fR\n");
            line(firstSentence(texts(line.getCommandSpec().usageMessage().description())));
        });
    }

    private void exitCodes(Map<String, String> codes) {
        if (!codes.isEmpty()) {
            section("EXIT STATUS");
            codes.forEach((code, meaning) -> {
                page.append(".TP\n").append(escape(code)).append('\n');
                line(meaning);
            });
        }
    }

    /** As they are: a command that is typed must not be broken. */
    private void examples(List<String> footer) {
        if (!footer.isEmpty()) {
            section("EXAMPLES");
            page.append(".nf\n");
            footer.forEach(one -> page.append(one.isEmpty() ? ".sp\n" : literal(one)));
            page.append(".fi\n");
        }
    }

    private void seeAlso() {
        final List<String> pages = new ArrayList<>();
        if (command.parent() != null) {
            pages.add(name(command.parent()));
        }
        command.subcommands().values().forEach(line -> pages.add(name(line.getCommandSpec())));
        if (!pages.isEmpty()) {
            section("SEE ALSO");
            line(String.join(", ", pages.stream().map(one -> one + "(1)").toList()));
        }
    }

    private void section(String title) {
        macro("SH", title);
    }

    private void macro(String name, String... arguments) {
        page.append('.').append(name);
        for (String argument : arguments) {
            page.append(" \"").append(escape(argument).replace("\"", "\\(dq")).append('"');
        }
        page.append('\n');
    }

    private void line(String text) {
        page.append(literal(text));
    }

    private static String literal(String text) {
        final StringBuilder lines = new StringBuilder();
        for (String one : text.split("\n", -1)) {
            // A line that began with a dot or an apostrophe would be a request.
            lines.append(one.startsWith(".") || one.startsWith("'") ? "\\&" : "")
                    .append(escape(one))
                    .append('\n');
        }
        return lines.toString();
    }

    /** A hyphen that is typed must not become a typographic one, nor an apostrophe a quotation mark. */
    private static String escape(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }

    private static String firstSentence(List<String> description) {
        final String all = String.join(" ", description);
        final int end = all.indexOf(". ");
        final String sentence = end < 0 ? all : all.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    /** As the help shows them: without markup, and with the line breaks that they ask for. */
    private static List<String> texts(String[] lines) {
        final List<String> texts = new ArrayList<>();
        for (String one : lines) {
            texts.add(
                    Ansi.OFF.string(one.replace("%n", "\n").replace("%%", "%")).stripTrailing());
        }
        return texts;
    }
}
