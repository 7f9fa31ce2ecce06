package io.openedge.engine.osgi.packages;

import io.openedge.directory.PackageFile;
import io.openedge.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/**
 * The bundles of a package as its volume holds them now. Immutable, but for the files.
 *
 * @param file that names them
 * @param jars of the bundles, in the order of the file
 */
record PackageContent(PackageFile file, List<Path> jars) {
    private static final int MOST_BUNDLES = 100;
    private static final long LONGEST_JAR = 512L << 20;
    private static final int DIGEST_LENGTH = 32;

    /** @throws EngineException names file, key, value and what is allowed */
    static PackageContent of(PackageFile file, List<String> bundles) throws EngineException {
        if (bundles.size() > MOST_BUNDLES) {
            throw new EngineException(
                    file.path() + ": bundles: " + bundles.size() + " bundles; allowed: " + MOST_BUNDLES);
        }
        List<Path> jars = new ArrayList<>();
        Set<String> identities = new HashSet<>();
        for (int i = 0; i < bundles.size(); i++) {
            try {
                Path jar = jar(file.folder(), bundles.get(i));
                if (!identities.add(identity(jar))) {
                    throw new Refused("is there twice: no other bundle of the package has its name and version");
                }
                jars.add(jar);
            } catch (IOException | InvalidPathException | Refused e) {
                throw new EngineException(
                        file.path() + ": bundles[" + i + "]: '" + bundles.get(i) + "' " + words(e), e);
            }
        }
        return new PackageContent(file, List.copyOf(jars));
    }

    private static String words(Exception e) {
        return e instanceof Refused ? e.getMessage() : "cannot be read: " + e;
    }

    private static Path jar(Path folder, String name) throws IOException, Refused {
        Path jar = folder.resolve(name).normalize();
        if (!jar.startsWith(folder)) {
            throw new Refused("leads out of the package; allowed: a file below the folder of package.yml");
        }
        if (!Files.isRegularFile(jar)) {
            throw new Refused("is not there; allowed: a file below the folder of package.yml");
        }
        if (!jar.toRealPath().startsWith(folder.toRealPath())) {
            throw new Refused("leads out of the package through a link");
        }
        if (Files.size(jar) > LONGEST_JAR) {
            throw new Refused("is longer than " + (LONGEST_JAR >> 20) + " MB");
        }
        return jar;
    }

    /** Name and version, of which the framework would see the second one only when it is too late. */
    private static String identity(Path jar) throws IOException, Refused {
        Attributes attributes;
        try (JarFile file = new JarFile(jar.toFile())) {
            attributes = Optional.ofNullable(file.getManifest())
                    .map(Manifest::getMainAttributes)
                    .orElseThrow(() -> new Refused("is no bundle: it has no manifest"));
        }
        String name = header(attributes, Constants.BUNDLE_SYMBOLICNAME);
        if (name.isEmpty()) {
            throw new Refused("is no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
        }
        String host = header(attributes, Constants.FRAGMENT_HOST);
        if (host.equals(Constants.SYSTEM_BUNDLE_SYMBOLICNAME) || host.equals("org.apache.felix.framework")) {
            throw new Refused("is a fragment of the framework itself, which no package can bring");
        }
        return name + " " + header(attributes, Constants.BUNDLE_VERSION);
    }

    /** Without its parameters. */
    private static String header(Attributes attributes, String name) {
        return Optional.ofNullable(attributes.getValue(name))
                .map(value -> value.replaceFirst(";.*", "").trim())
                .orElse("");
    }

    String digest() throws IOException {
        return digest(jars);
    }

    /** Of all contents in their order, beginning with their lengths. */
    static String digest(List<Path> jars) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        for (Path jar : jars) {
            digest.update((Files.size(jar) + "\n").getBytes(StandardCharsets.US_ASCII));
            try (var in = Files.newInputStream(jar)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_LENGTH);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** A sentence about one entry, without the entry. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
