package io.openedge.engine.osgi.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleException;

/** What the framework says of a bundle that does not resolve, without its numbers. Stateless. */
final class Missing {
    private static final Pattern REQUIREMENT = Pattern.compile("osgi\\.[\\w.]+; (?=\\()");
    private static final Pattern TERM = Pattern.compile("\\(([\\w.-]+)(>=|<=|=)([^()]*)\\)");
    private static final Map<String, String> WORDS = Map.of(
            "osgi.wiring.package", "package",
            "osgi.wiring.bundle", "bundle",
            "osgi.wiring.host", "host bundle",
            "osgi.ee", "Java version",
            "osgi.extender", "extender");

    private Missing() {}

    /** For example: nothing offers package org.example, version >= 1.0.0. Else what the framework says. */
    static String words(BundleException e) {
        String message = String.valueOf(e.getMessage()).replaceFirst(" Unresolved requirements: .*", "");
        Matcher last = REQUIREMENT.matcher(message);
        int from = -1;
        while (last.find()) { // what misses it may be another bundle of the package: the last one is the cause
            from = last.end();
        }
        return from < 0 ? message : "nothing offers " + terms(message.substring(from));
    }

    private static String terms(String filter) {
        List<String> words = new ArrayList<>();
        Matcher terms = TERM.matcher(filter);
        while (terms.find()) {
            boolean not = filter.startsWith("(!", terms.start() - 2);
            String name = WORDS.getOrDefault(terms.group(1), terms.group(1));
            words.add(
                    terms.group(2).equals("=")
                            ? name + " " + terms.group(3)
                            : (not ? "not " : "") + name + " " + terms.group(2) + " " + terms.group(3));
        }
        return words.isEmpty() ? filter : String.join(", ", words);
    }
}
