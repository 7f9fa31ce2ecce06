package io.openedge.it;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;

/** Who may import whom: every manifest of the distribution is held against the table. */
public class ManifestIT {
    private static final Set<String> LIBRARIES =
            Set.of("config", "mqtt-client", "rest-client", "module-runtime", "service-directory", "archive");
    private static final String COMMANDS = "org.apache.felix.service.";

    private final Map<String, Set<String>> imports = new HashMap<>();
    private final Map<String, Set<String>> exports = new HashMap<>();
    private final Properties table = new Properties();

    @Before
    public void readManifests() throws IOException {
        for (Path bundle : Distribution.ownBundles()) {
            try (JarFile jar = new JarFile(bundle.toFile())) {
                Attributes manifest = jar.getManifest().getMainAttributes();
                String name = manifest.getValue("Bundle-SymbolicName").substring("io.openedge.".length());
                imports.put(name, Manifests.packages(manifest.getValue("Import-Package")));
                exports.put(name, Manifests.packages(manifest.getValue("Export-Package")));
            }
        }
        try (InputStream in = ManifestIT.class.getResourceAsStream("/who-imports-whom.properties")) {
            table.load(in);
        }
    }

    @Test
    public void everyBundleStandsInTheTable() {
        assertThat(imports.keySet()).isNotEmpty().isSubsetOf(table.stringPropertyNames());
    }

    @Test
    public void aBundleImportsApiAndTheLibrariesOfItsRowOnly() {
        imports.forEach((bundle, imported) -> {
            Set<String> allowed = new HashSet<>(exports.get("api"));
            allowed.addAll(exports.get(bundle));
            for (String library : table.getProperty(bundle).split("[ ,]+")) {
                allowed.addAll(exports.getOrDefault(library, Set.of()));
            }
            Set<String> ours = imported.stream()
                    .filter(name -> name.startsWith("io.openedge."))
                    .collect(toSet());
            assertThat(allowed).as("what " + bundle + " may import").containsAll(ours);
        });
    }

    @Test
    public void theTableIsTheOneOfTheArchitecture() throws IOException {
        Map<String, Set<String>> checked = new HashMap<>();
        for (String bundle : table.stringPropertyNames()) {
            checked.put(bundle, names(table.getProperty(bundle)));
        }

        assertThat(rowsOfTheArchitecture()).isEqualTo(checked);
    }

    /** What each bundle that exists may import; what follows "later" in a cell does not count. */
    private static Map<String, Set<String>> rowsOfTheArchitecture() throws IOException {
        Map<String, Set<String>> rows = new HashMap<>();
        List<String> lines = Files.readAllLines(Distribution.project().resolve("docs/architecture.md"));
        int head = lines.indexOf("| bundle | offers (service) | consumes (service; `?` optional) · libraries |");
        lines.stream().skip(head + 2).takeWhile(line -> line.startsWith("|")).forEach(line -> {
            String[] cells = line.split("\\|");
            Matcher libraries = Pattern.compile(" · ([^(]*)").matcher(cells[3]);
            Set<String> imported = libraries.find() ? names(libraries.group(1)) : Set.of();
            names(cells[1].split("\\*later")[0]).forEach(bundle -> rows.put(bundle, imported));
        });
        return rows;
    }

    private static Set<String> names(String list) {
        return Stream.of(list.split("[ ,]+")).filter(name -> !name.isEmpty()).collect(toSet());
    }

    @Test
    public void onlyApiAndLibrariesExport() {
        exports.forEach((bundle, exported) -> {
            if (bundle.equals("shell")) {
                assertThat(exported)
                        .as("what commands of other bundles use")
                        .allMatch(name -> name.startsWith(COMMANDS));
            } else if (!bundle.equals("api") && !LIBRARIES.contains(bundle)) {
                assertThat(exported).as("exports of " + bundle).isEmpty();
            }
        });
    }

    @Test
    public void apiKnowsNoLibraryButSlf4j() {
        Set<String> foreign = imports.get("api").stream()
                .filter(name -> !name.startsWith("io.openedge."))
                .collect(toSet());
        assertThat(foreign).isSubsetOf("org.slf4j");
    }

    @Test
    public void theClientOfHiveMqIsUsedInOnePlaceOnly() {
        imports.forEach((bundle, imported) -> {
            if (!bundle.equals("mqtt-client")) {
                assertThat(imported).as("imports of " + bundle).noneMatch(name -> name.startsWith("com.hivemq"));
            }
        });
    }
}
