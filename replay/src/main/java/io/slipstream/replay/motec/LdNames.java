package io.slipstream.replay.motec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names of channels as a file can hold them: short, and no two alike. */
final class LdNames {
    private LdNames() {}

    /** The names, each cut to what a channel holds; where two would be alike, the later one ends in its number. */
    static List<String> unique(List<String> titles) {
        final Set<String> taken = new HashSet<>();
        final List<String> names = new ArrayList<>();
        for (String title : titles) {
            String name = LdText.cut(title, LdDescriptor.CHANNEL_NAME_LENGTH);
            for (int i = 2; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
                final String number = " #" + i;
                name = LdText.cut(title, LdDescriptor.CHANNEL_NAME_LENGTH - number.length()) + number;
            }
            names.add(name);
        }
        return names;
    }

    /** A short name: the letters and digits of the name without its small vowels. */
    static String brief(String name) {
        final String packed = name.replaceAll("(?<=\\w)[aeiou]", "").replaceAll("\\W", "");
        return LdText.cut(packed, LdDescriptor.CHANNEL_SHORT_NAME_LENGTH);
    }
}
