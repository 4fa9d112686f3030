package io.slipstream.replay.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "memory",
        description = {
            "Looks into the shared memory of other programs, and writes it.",
            "",
            "A block is named KIND:KEY:",
            "  posix:NAME      shm_open(\"/NAME\")",
            "  systemv:KEY     shmget: a decimal or 0x number, or PATH,ID as for ftok",
            "  qt:KEY          QSharedMemory(\"KEY\"), each access under its lock; also qt:posix:/NAME, qt:systemv:PATH",
            "  file:PATH       a mapped file",
            "  wine:NAME       a named file mapping of a Windows program under Wine or Proton",
            "  windows:NAME    the same on Windows",
            "  dll:FILE!NAME   the shared section of a DLL (data_seg), by an exported symbol or .SECTION"
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream memory list",
            "  slipstream memory read qt:MyUniqueKey --as text",
            "  slipstream memory write qt:MyUniqueKey --as text 'Hello, Server!'",
            "  slipstream memory watch 'posix:$pcars2$' --format pcars2 mSpeed mGear"
        },
        subcommands = {
            MemoryListCommand.class,
            MemoryInfoCommand.class,
            MemoryReadCommand.class,
            MemoryWriteCommand.class,
            MemoryWatchCommand.class,
            MemoryCreateCommand.class,
            MemoryRemoveCommand.class,
            MemoryBreakLockCommand.class,
            CommandLine.HelpCommand.class
        })
final class MemoryCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
