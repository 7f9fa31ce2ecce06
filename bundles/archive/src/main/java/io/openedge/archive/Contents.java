package io.openedge.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entries of an archive, which fit together: nothing twice, nothing below a file or a link. Immutable. */
record Contents(List<Entry> entries) {
    /**
     * An entry that is allowed.
     *
     * @param name where it goes
     * @param inZip what the archive says of it
     */
    record Entry(EntryName name, ZipDirectory.Entry inZip) {}

    static Contents of(List<ZipDirectory.Entry> inZip) throws ArchiveException {
        Map<String, Node> known = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (ZipDirectory.Entry entry : inZip) {
            if (entry.kind() == ZipDirectory.Kind.SPECIAL) {
                throw refused(entry.rawName(), "is a device, a pipe or a socket");
            }
            EntryName name = EntryName.of(entry.rawName());
            if (name.parts().isEmpty() && entry.kind() != ZipDirectory.Kind.FOLDER) {
                throw refused(entry.rawName(), "stands for the folder itself");
            }
            add(known, name, entry.kind());
            entries.add(new Entry(name, entry));
        }
        return new Contents(List.copyOf(entries));
    }

    private static void add(Map<String, Node> known, EntryName name, ZipDirectory.Kind kind) throws ArchiveException {
        StringBuilder path = new StringBuilder();
        int last = name.parts().size() - 1;
        for (int i = 0; i <= last; i++) {
            path.append(i == 0 ? "" : "/").append(name.parts().get(i));
            Node node = new Node(path.toString(), i == last ? kind : ZipDirectory.Kind.FOLDER, i == last);
            Node before = known.putIfAbsent(EntryName.folded(node.path()), node);
            if (before != null) {
                before.agree(node);
                if (node.own()) {
                    known.put(EntryName.folded(node.path()), node);
                }
            }
        }
    }

    private static ArchiveException refused(String name, String wrong) {
        return new ArchiveException("the entry '" + EntryName.printable(name) + "' " + wrong
                + "; allowed: files, folders, and links that stay inside");
    }

    /**
     * A path of the archive.
     *
     * @param own whether an entry stands for it, not only one below it
     */
    private record Node(String path, ZipDirectory.Kind kind, boolean own) {
        void agree(Node other) throws ArchiveException {
            if (!path.equals(other.path)) {
                throw refused(other.path, "differs from '" + path + "' by case or accents only");
            }
            if (kind == ZipDirectory.Kind.LINK) {
                throw refused(other.path, "is a link and would be written through");
            }
            if (kind != other.kind) {
                throw refused(other.path, "is a file and a folder");
            }
            if (own && other.own) {
                throw refused(other.path, "is there twice");
            }
        }
    }
}
