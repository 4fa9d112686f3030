package io.slipstream.replay.channel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names by pattern, and names near one that does not exist. */
final class Wildcards {
    private static final int NEAR = 5;

    private Wildcards() {}

    /** Does {@code *}, any run of letters, make the pattern the name? In time that grows with their lengths' product at most. */
    static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int mark = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** The names that a person who typed this may have meant, nearest first. */
    static List<String> near(String typed, Collection<String> names) {
        final String wanted = typed.toLowerCase(Locale.ROOT).replace("*", "");
        final String start = wanted.substring(0, Math.min(4, wanted.length()));
        final List<String> near = new ArrayList<>();
        for (String name : names) {
            final String candidate = name.toLowerCase(Locale.ROOT);
            final boolean alike = start.length() > 1 && candidate.contains(start);
            if (alike || distance(wanted, candidate) <= wanted.length() / 3) {
                near.add(name);
            }
        }
        near.sort(Comparator.comparingInt(name -> distance(wanted, name.toLowerCase(Locale.ROOT))));
        return near.subList(0, Math.min(NEAR, near.size()));
    }

    /** Levenshtein's distance: letters to insert, remove or replace. */
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + 1);
            }
            final int[] swap = before;
            before = row;
            row = swap;
        }
        return before[b.length()];
    }
}
