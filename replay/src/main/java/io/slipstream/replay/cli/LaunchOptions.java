package io.slipstream.replay.cli;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a game's command line is changed so that a Windows program starts before the game and starts it. */
final class LaunchOptions {
    private static final String NAME = "slipstream";
    private static final List<String> VERBS = List.of("waitforexitandrun", "run", "runinprefix");

    private LaunchOptions() {}

    /**
     * Puts words before the Windows program of a command.
     *
     * @param command as Steam makes it of {@code %command%}: {@code … proton waitforexitandrun GAME.EXE ARGS}; or
     *     {@code wine GAME.EXE ARGS}.
     * @param before words that end where a program's path and arguments may follow.
     * @return the command with them.
     * @throws CommandFailure if there is no Windows program in it: whoever has one to start starts it as it was.
     */
    static List<String> insert(List<String> command, List<String> before) {
        final int at = program(command);
        final List<String> changed = new ArrayList<>(command.subList(0, at));
        changed.addAll(before);
        changed.addAll(command.subList(at, command.size()));
        return changed;
    }

    private static int program(List<String> command) {
        // Behind the verb that follows Proton's own name: words before it may be anything that starts other programs.
        for (int i = 0; i + 2 < command.size(); i++) {
            if (fileName(command.get(i)).equals("proton") && VERBS.contains(command.get(i + 1))) {
                return i + 2;
            }
        }
        for (int i = 0; i + 1 < command.size(); i++) {
            final String name = fileName(command.get(i));
            if (name.equals("wine") || name.equals("wine64")) {
                return i + 1;
            }
        }
        for (int i = 0; i < command.size(); i++) {
            if (command.get(i).toLowerCase(Locale.ROOT).endsWith(".exe")) {
                return i;
            }
        }
        throw new CommandFailure("no Windows program in '" + String.join(" ", command)
                + "': in Steam's launch options write exactly  " + line());
    }

    private static String fileName(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    /** What to put into Steam's launch options. */
    static String line() {
        final String launcher = launcher();
        return (launcher.matches("[A-Za-z0-9/._+-]+") ? launcher : "\"" + launcher + "\"") + " proton -- %command%";
    }

    /** Steam knows no PATH of a shell's: where this very program is started from, if it runs from its folder. */
    private static String launcher() {
        final var source = LaunchOptions.class.getProtectionDomain().getCodeSource();
        return source == null ? NAME : launcher(source.getLocation());
    }

    /** The launcher in the nearest folder above a place, where there is one. */
    static String launcher(URL place) {
        try {
            Path folder = "file".equals(place.getProtocol()) ? Path.of(place.toURI()) : null;
            for (; folder != null; folder = folder.getParent()) {
                final Path launcher = folder.resolve(NAME);
                if (Files.isRegularFile(launcher) && Files.isExecutable(launcher)) {
                    return launcher.toString();
                }
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // No path: it is not run from a folder.
            return NAME;
        }
        return NAME;
    }
}
