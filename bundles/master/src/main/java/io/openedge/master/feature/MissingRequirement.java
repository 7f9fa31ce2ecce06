package io.openedge.master.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/** Finds out in words why a bundle does not resolve. Stateless. */
final class MissingRequirement {
    private static final Map<String, String> WORDS = Map.of(
            "osgi.wiring.package", "package",
            "osgi.wiring.bundle", "bundle",
            "osgi.wiring.host", "host bundle",
            "osgi.ee", "Java version",
            "osgi.extender", "extender",
            "osgi.service", "service");
    private static final Map<String, String> NOT = Map.of(">=", "<", "<=", ">");
    private static final Pattern TERM = Pattern.compile("\\(([\\w.-]+)(>=|<=|=)([^()]*)\\)");

    private MissingRequirement() {}

    /** What a bundle requires and nothing offers; empty when what it lacks is lacked by another bundle. */
    static List<String> of(Bundle bundle, FrameworkWiring wiring) {
        List<String> missing = new ArrayList<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision != null) {
            for (Requirement requirement : revision.getRequirements(null)) {
                if (isNeededToResolve(requirement)
                        && wiring.findProviders(requirement).isEmpty()) {
                    missing.add(words(requirement));
                }
            }
        }
        return missing;
    }

    private static boolean isNeededToResolve(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String effective =
                directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
        return Namespace.EFFECTIVE_RESOLVE.equals(effective)
                && !Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                && !"dynamic".equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
    }

    /** For example: package org.example with version >= 1.0.0, version < 2.0.0. */
    static String words(Requirement requirement) {
        String namespace = requirement.getNamespace();
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        StringBuilder words = new StringBuilder(WORDS.getOrDefault(namespace, namespace));
        Matcher terms = TERM.matcher(filter);
        String join = " with ";
        while (terms.find()) {
            String attribute = terms.group(1);
            if (attribute.equals(namespace) && terms.group(2).equals("=")) {
                words.append(' ').append(terms.group(3));
                continue;
            }
            boolean not = terms.start() >= 2 && filter.startsWith("(!", terms.start() - 2);
            String relation = not ? NOT.getOrDefault(terms.group(2), "not " + terms.group(2)) : terms.group(2);
            words.append(join)
                    .append(attribute)
                    .append(' ')
                    .append(relation)
                    .append(' ')
                    .append(terms.group(3));
            join = ", ";
        }
        return words.toString();
    }
}
