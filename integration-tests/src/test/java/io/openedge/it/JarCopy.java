package io.openedge.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle as it was not built: with other headers, or with something missing. */
final class JarCopy {
    private JarCopy() {}

    /** Leaves an entry out. */
    static Path without(String entry, Path jar, Path copy) throws IOException {
        return of(jar, copy, Map.of(), entry);
    }

    /** Sets headers of the manifest; {@code +NAME} adds to one that is there. */
    static Path of(Path jar, Path copy, Map<String, String> headers) throws IOException {
        return of(jar, copy, headers, "");
    }

    private static Path of(Path jar, Path copy, Map<String, String> headers, String omitted) throws IOException {
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = in.getManifest();
            Attributes main = manifest.getMainAttributes();
            headers.forEach((name, value) -> {
                String plain = name.replace("+", "");
                main.putValue(plain, name.startsWith("+") ? main.getValue(plain) + "," + value : value);
            });
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    if (!entry.getName().equals(omitted)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.transferTo(out);
                    }
                }
            }
        }
        return copy;
    }
}
