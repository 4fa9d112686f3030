package io.slipstream.replay.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/** A session as users name it: its directory, or the plain name of one in the default directory of sessions. */
final class SessionArgument implements ITypeConverter<Path> {
    /** What the commands' help says of it. */
    static final String EXPLAINED = "The session: its directory, or its name in ~/.local/share/slipstream/sessions.";

    @Override
    public Path convert(String text) {
        return resolve(Path.of(text), Places.sessions());
    }

    /** What is there comes before what is meant: a name is looked up only where no such file is. */
    static Path resolve(Path named, Path sessions) {
        final Path known = sessions.resolve(named);
        final boolean plain = named.getNameCount() == 1
                && !named.isAbsolute()
                && !named.toString().startsWith(".");
        return plain && !Files.exists(named) && Files.isDirectory(known) ? known : named;
    }
}
