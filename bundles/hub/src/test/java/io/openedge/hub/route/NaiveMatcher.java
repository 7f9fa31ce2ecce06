package io.openedge.hub.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Section 4.7 of the specification, word by word and slowly; and words to try it with. */
public final class NaiveMatcher {
    private static final String[] WORDS = {"a", "b", "c", "", "$s", "deep"};

    private NaiveMatcher() {}

    public static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false;
        }
        String[] f = filter.split("/", -1);
        String[] t = topic.split("/", -1);
        for (int i = 0; i < f.length; i++) {
            if (f[i].equals("#")) {
                return t.length >= i;
            }
            if (i >= t.length || !f[i].equals("+") && !f[i].equals(t[i])) {
                return false;
            }
        }
        return f.length == t.length;
    }

    /** Every sequence of the words that is up to so long, joined. */
    public static List<String> all(int depth, String... words) {
        List<String> whole = new ArrayList<>();
        List<String> before = List.of();
        for (int i = 0; i < depth; i++) {
            List<String> next = new ArrayList<>();
            for (String word : words) {
                if (i == 0) {
                    next.add(word);
                } else {
                    before.forEach(head -> next.add(head + "/" + word));
                }
            }
            whole.addAll(next);
            before = next;
        }
        whole.removeIf(String::isEmpty);
        return whole;
    }

    public static String topic(Random random) {
        return words(random, WORDS, 1 + random.nextInt(5));
    }

    public static String filter(Random random) {
        String[] words = {"a", "b", "c", "", "$s", "deep", "+", "+"};
        String filter = words(random, words, 1 + random.nextInt(4));
        return random.nextInt(3) > 0 ? filter : random.nextInt(9) == 0 ? "#" : filter + "/#";
    }

    private static String words(Random random, String[] words, int count) {
        List<String> levels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            levels.add(words[random.nextInt(words.length)]);
        }
        String text = String.join("/", levels);
        return text.isEmpty() ? "a" : text;
    }
}
