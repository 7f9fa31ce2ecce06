package io.openedge.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is said about a key that a record does not have. Stateless. */
final class UnknownKey {
    private static final int NEAR = 2;
    private static final int MAX_LENGTH = 40;

    private UnknownKey() {}

    static String sentence(String key, List<String> known) {
        return "unknown key, ignored; known here: " + String.join(", ", known)
                + nearest(key, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    private static Optional<String> nearest(String key, List<String> known) {
        String word = key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
        if (key.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return known.stream()
                .filter(other -> distance(word, other) <= Math.min(NEAR, word.length() / 2))
                .min(Comparator.comparingInt(other -> distance(word, other)));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
