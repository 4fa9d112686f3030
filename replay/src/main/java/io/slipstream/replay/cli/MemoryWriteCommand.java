package io.slipstream.replay.cli;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.format.FormattedBlock;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "write",
        mixinStandardHelpOptions = true,
        description = "Writes fields of a format, text with its NUL, numbers, or bytes in hexadecimal; all or nothing.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream memory write qt:MyUniqueKey --as text 'Hello, Server!'",
            "  slipstream memory write posix:settings --format settings.format volume=0.8 name='Räikkönen'",
            "  slipstream memory write file:block.bin --at 0x10 'de ad be ef'"
        })
final class MemoryWriteCommand implements Callable<Integer> {
    @Mixin
    private BlockArgument block;

    @Mixin
    private ViewOptions view;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "VALUE",
            description = "What to write; PATH=VALUE with a format, in the units that 'read' prints.")
    private List<String> values = List.of();

    @Override
    public Integer call() throws IOException {
        try (OpenBlock open = OpenBlock.open(block.name(), BlockAccess.READ_WRITE, view.locked(), view.lockTimeout())) {
            open.use(memory -> {
                write(memory, open.block().name().toString());
                return null;
            });
        }
        return 0;
    }

    private void write(UnsafeBuffer memory, String name) throws IOException {
        if (view.hasFormat()) {
            final FormattedBlock fields = view.fields(memory, name);
            fields.setText(assignments());
        } else if (view.isHex()) {
            hex(memory);
        } else if (view.isText()) {
            view.fieldFor(one(), memory, name).set(ViewOptions.VALUE, one());
        } else {
            view.fields(memory, name).setText(ViewOptions.VALUE, String.join(",", values));
        }
    }

    private Map<String, String> assignments() {
        final Map<String, String> fields = new LinkedHashMap<>();
        for (String value : values) {
            final int equals = value.indexOf('=');
            if (equals <= 0) {
                throw new CommandFailure("'" + value + "': give PATH=VALUE, as in mGear=3");
            }
            fields.put(value.substring(0, equals), value.substring(equals + 1));
        }
        return fields;
    }

    private String one() {
        if (values.size() != 1) {
            throw new CommandFailure("a text is one word to the shell: put it in quotation marks");
        }
        return values.getFirst();
    }

    private void hex(UnsafeBuffer memory) {
        final String digits = String.join("", values).replaceAll("[\\s:]", "");
        final byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("'" + String.join(" ", values)
                    + "' are no bytes in hexadecimal, two digits each; --as text writes text");
        }
        final int offset = view.offset(memory.capacity());
        if (bytes.length > memory.capacity() - offset) {
            throw new CommandFailure(
                    bytes.length + " bytes do not fit behind byte " + offset + " of a block of " + memory.capacity());
        }
        memory.putBytes(offset, bytes);
    }
}
