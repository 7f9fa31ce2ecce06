package io.openedge.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Linux distribution in Go's words. Immutable; absent texts are empty.
 *
 * @param platform for example debian
 * @param family for example rhel
 * @param version for example 12
 */
record Distribution(String platform, String family, String version) {
    private static final Map<String, String> PLATFORMS = Map.of(
            "rhel",
            "redhat",
            "amzn",
            "amazon",
            "ol",
            "oracle",
            "opensuse-leap",
            "opensuse",
            "opensuse-tumbleweed",
            "opensuse");
    private static final Map<String, List<String>> FAMILIES = Map.of(
            "debian", List.of("debian", "ubuntu", "linuxmint", "raspbian"),
            "rhel", List.of("rhel", "centos", "ol", "amzn", "rocky", "almalinux", "scientific"),
            "fedora", List.of("fedora"),
            "suse", List.of("suse", "sles", "opensuse"),
            "arch", List.of("arch", "manjaro", "antergos"),
            "alpine", List.of("alpine"),
            "gentoo", List.of("gentoo"));

    /** Reads os-release; a host without one has a kernel only. */
    static Distribution of(Path root) throws IOException {
        for (String place : List.of("etc/os-release", "usr/lib/os-release")) {
            Path file = root.resolve(place);
            if (Files.isReadable(file)) {
                return parse(Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return new Distribution("", "", "");
    }

    private static Distribution parse(String text) {
        Map<String, String> keys = new HashMap<>();
        text.lines()
                .map(String::strip)
                .filter(line -> line.matches("[A-Z_]+=.*"))
                .forEach(line -> {
                    String value = line.substring(line.indexOf('=') + 1).strip();
                    keys.put(line.substring(0, line.indexOf('=')), value.replaceAll("^([\"'])(.*)\\1$", "$2"));
                });
        String id = keys.getOrDefault("ID", "");
        String family = Stream.concat(
                        Stream.of(id),
                        Stream.of(keys.getOrDefault("ID_LIKE", "").split("\\s+")))
                .flatMap(Distribution::familyOf)
                .findFirst()
                .orElse("");
        return new Distribution(PLATFORMS.getOrDefault(id, id), family, keys.getOrDefault("VERSION_ID", ""));
    }

    private static Stream<String> familyOf(String word) {
        String known = PLATFORMS.getOrDefault(word, word);
        return FAMILIES.entrySet().stream()
                .filter(family ->
                        family.getValue().contains(word) || family.getValue().contains(known))
                .map(Map.Entry::getKey);
    }
}
