package io.openedge.archive;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The name of an entry, taken apart. Immutable.
 *
 * @param parts of the path below the folder; none for the folder itself
 */
record EntryName(List<String> parts) {
    private static final int MAX_PART = 255; // NAME_MAX of Linux
    private static final int MAX_PATH = 2048;

    /** @throws ArchiveException when the name could leave the folder, or no file can have it */
    static EntryName of(String name) throws ArchiveException {
        if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
            throw refused(name, "is absolute", "names below the folder");
        }
        if (name.indexOf('\\') >= 0) {
            throw refused(name, "has a backslash", "names with slashes");
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw refused(name, "has a control character", "printable characters");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
            throw refused(name.substring(0, 60) + "…", "is too long", "up to " + MAX_PATH + " bytes");
        }
        List<String> parts = new ArrayList<>();
        for (String part : (name.endsWith("/") ? name.substring(0, name.length() - 1) : name).split("/", -1)) {
            if (part.equals("..")) {
                throw refused(name, "leaves the folder", "names below the folder");
            }
            if (part.isEmpty() || part.getBytes(StandardCharsets.UTF_8).length > MAX_PART) {
                throw refused(name, "has an empty or too long part", "parts of 1 to " + MAX_PART + " bytes");
            }
            if (!part.equals(".")) {
                parts.add(part);
            }
        }
        return new EntryName(List.copyOf(parts));
    }

    private static ArchiveException refused(String name, String wrong, String allowed) {
        return new ArchiveException("the entry '" + printable(name) + "' " + wrong + "; allowed: " + allowed);
    }

    /** Without what would spoil a line of a log. */
    static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    /** Names that are one on some file system are equal in this form. */
    static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return String.join("/", parts);
    }
}
