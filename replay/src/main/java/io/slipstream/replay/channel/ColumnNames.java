package io.slipstream.replay.channel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names of channels as columns of a table, which has columns of its own too. Many programs do not tell capital letters from
 * small ones, so of names that differ in those alone, or not at all, the later has a number behind it.
 */
public final class ColumnNames {
    private ColumnNames() {}

    /**
     * Makes names unique.
     *
     * @param fixed columns that the table has besides.
     * @param channels that fill the others.
     * @return a name for each channel, in their order: its own, or {@code time_2} where that is taken.
     */
    public static List<String> unique(Collection<String> fixed, List<Channel> channels) {
        final Set<String> taken = new HashSet<>();
        fixed.forEach(name -> taken.add(key(name)));
        final List<String> names = new ArrayList<>();
        for (Channel channel : channels) {
            String name = channel.name();
            for (int number = 2; !taken.add(key(name)); number++) {
                name = channel.name() + "_" + number;
            }
            names.add(name);
        }
        return names;
    }

    /**
     * What two names have in common that are taken for one.
     *
     * @param name of a column.
     * @return the same for both.
     */
    public static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
