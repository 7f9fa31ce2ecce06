package io.openedge.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** An installation with bundles of the test's making. */
record Installation(Path home) {
    static Installation in(Path home) throws IOException {
        Files.createDirectories(home.resolve("bundles"));
        Files.createDirectories(home.resolve("features"));
        Files.writeString(home.resolve("features/core.list"), "# of a test\nimage is-not-for-the-launcher\n");
        return new Installation(home);
    }

    /** A bundle without code. */
    Installation with(String name, Map<String, String> headers) throws IOException {
        return add(name, headers, false);
    }

    /** A bundle with a {@link ProbeActivator}. */
    Installation withProbe(Map<String, String> headers) throws IOException {
        return add("probe", headers, true);
    }

    Installation withLine(String line) throws IOException {
        Files.writeString(home.resolve("features/core.list"), line + "\n", StandardOpenOption.APPEND);
        return this;
    }

    private Installation add(String name, Map<String, String> headers, boolean probe) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", name);
        attributes.putValue("Bundle-Version", "1.2.3");
        headers.forEach(attributes::putValue);
        if (probe) {
            attributes.putValue("Bundle-Activator", ProbeActivator.class.getName());
            attributes.putValue("Import-Package", "org.osgi.framework");
        }
        Path jar = home.resolve("bundles").resolve(name + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            if (probe) {
                copy(entries, ProbeActivator.class);
            }
        }
        return withLine("bundle " + name + ".jar");
    }

    private static void copy(JarOutputStream entries, Class<?> type) throws IOException {
        String path = type.getName().replace('.', '/') + ".class";
        entries.putNextEntry(new JarEntry(path));
        try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
            in.transferTo(entries);
        }
        entries.closeEntry();
    }
}
