package io.openedge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Archives from anybody, unpacked into one folder and nowhere else. */
public class UnpackerTest {
    private static final DiskBudget DISK = new DiskBudget(1 << 20);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path root;
    private Path folder;

    @Before
    public void folders() throws IOException {
        root = temporary.getRoot().toPath().resolve("root");
        folder = root.resolve("app");
        Files.createDirectories(folder);
        Files.createDirectory(root.resolve("app-other"));
    }

    @Test
    public void filesFoldersAndInnerLinksAreThereAfterwards() throws IOException {
        Path zip = zip(new RawZip()
                .entry("bin/", RawZip.FOLDER, "")
                .entry("bin/run", RawZip.PROGRAM, "#!/bin/sh")
                .file("./lib/a/größe.txt", "x")
                .entry("bin/link", RawZip.LINK, "../lib/a/größe.txt")
                .entry("latest", RawZip.LINK, "lib"));

        long bytes = unpack(zip);

        assertThat(bytes).isGreaterThan(10);
        assertThat(folder.resolve("bin/run")).hasContent("#!/bin/sh").isExecutable();
        assertThat(folder.resolve("bin/link")).hasContent("x");
        assertThat(folder.resolve("latest/a/größe.txt")).hasContent("x");
        assertThat(Files.isExecutable(folder.resolve("lib/a/größe.txt"))).isFalse();
    }

    @Test
    public void whatTheJdkWritesIsRead() throws IOException {
        Path zip = root.resolve("jdk.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (int i = 0; i < 1000; i++) {
                out.putNextEntry(new ZipEntry("d" + i % 10 + "/" + i));
                out.write(new byte[i]);
            }
        }

        assertThat(unpack(zip)).isEqualTo(999 * 500);
    }

    @Test
    public void noNameLeavesTheFolder() throws IOException {
        for (String name : List.of(
                "../evil",
                "a/../../evil",
                "/etc/evil",
                "../app-other/evil",
                "..",
                "a/..",
                "..\\evil",
                "C:/evil",
                "a//b",
                "a\u0000b",
                "a\nb",
                "",
                "/")) {
            refused(new RawZip().file(name, "x"));
        }
    }

    @Test
    public void aLongNameIsRefusedWithWhatIsAllowed() throws IOException {
        refused(new RawZip().file("x".repeat(256), "x"), "1 to 255 bytes");
        refused(new RawZip().file("x/".repeat(1500) + "x", "x"), "up to 2048 bytes");
    }

    @Test
    public void noLinkLeadsOut() throws IOException {
        for (String target : List.of("..", "../app-other", "/etc", "a/../..", "x/../../..", "", "a\u0000b")) {
            refused(new RawZip().entry("link", RawZip.LINK, target));
        }
        refused(new RawZip().entry("deep/link", RawZip.LINK, "../../app-other"), "leads out");
    }

    @Test
    public void linksThroughLinksDoNotLeadOut() throws IOException {
        refused(
                new RawZip()
                        .entry("p/up", RawZip.LINK, "..")
                        .entry("p/out", RawZip.LINK, "up/../secret")
                        .file("z", "x"),
                "leads out");
    }

    @Test
    public void nothingIsWrittenThroughALink() throws IOException {
        refused(
                new RawZip().entry("link", RawZip.LINK, "../app-other").file("link/evil", "x"),
                "would be written through");
        refused(new RawZip().file("link/evil", "x").entry("link", RawZip.LINK, "../app-other"), "file and a folder");
        refused(new RawZip().entry("link", RawZip.LINK, "x").file("link", "x"), "written through");
        assertThat(root.resolve("app-other")).isEmptyDirectory();
    }

    @Test
    public void aLinkThatIsThereIsNotWrittenThrough() throws IOException {
        Files.createSymbolicLink(folder.resolve("f"), root.resolve("app-other/evil"));

        assertThatThrownBy(() -> unpack(zip(new RawZip().file("f", "x")))).isInstanceOf(IOException.class);

        assertThat(root.resolve("app-other")).isEmptyDirectory();
    }

    @Test
    public void devicesPipesAndSocketsAreRefused() throws IOException {
        for (int mode : List.of(0010644, 0020644, 0060644, 0140644)) {
            refused(new RawZip().entry("dev", mode, ""), "is a device, a pipe or a socket");
        }
    }

    @Test
    public void namesThatCollideAreRefused() throws IOException {
        refused(new RawZip().file("a", "1").file("a", "2"), "is there twice");
        refused(new RawZip().file("a", "1").file("./a", "2"), "is there twice");
        refused(new RawZip().file("a", "1").file("A", "2"), "differs from 'a' by case");
        refused(new RawZip().file("d/a", "1").file("D/b", "2"), "by case or accents only");
        refused(new RawZip().file("\u00e9", "1").file("e\u0301", "2"), "by case or accents only");
        refused(new RawZip().file("a", "1").file("a/b", "2"), "is a file and a folder");
        refused(new RawZip().file("a/b", "1").file("a", "2"), "is a file and a folder");
    }

    @Test
    public void aBombIsRefusedBeforeItGoesOff() throws IOException {
        Path zip = root.resolve("bomb.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("zeros"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }

        refused(zip, "becomes too large; allowed: up to 16777216 bytes");
    }

    @Test
    public void aBombThatLiesOfItsSizeIsStopped() throws IOException {
        Path zip = root.resolve("liar.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("zeros"));
            out.write(new byte[100_000]);
        }
        byte[] bytes = Files.readAllBytes(zip);
        int directory = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("PK\u0001\u0002");
        bytes[directory + 24] = 1;
        bytes[directory + 25] = 0;
        bytes[directory + 26] = 0;
        Files.write(zip, bytes);

        assertThatThrownBy(() -> new Unpacker(new UnpackLimits(10, 50_000, 100, DISK)).unpack(zip, folder))
                .isInstanceOf(ArchiveException.class);
        assertThat(Files.size(folder.resolve("zeros"))).isLessThanOrEqualTo(50_000);
    }

    @Test
    public void tooManyEntriesAreRefused() throws IOException {
        RawZip zip = new RawZip();
        for (int i = 0; i < 11; i++) {
            zip.file("f" + i, "");
        }

        assertThatThrownBy(() -> new Unpacker(new UnpackLimits(10, 50_000, 100, DISK)).unpack(zip(zip), folder))
                .hasMessage("the archive has too many entries; allowed: up to 10");
    }

    @Test
    public void aFullDiskIsSeenBeforeItIsFull() throws IOException {
        DiskBudget all = new DiskBudget(Long.MAX_VALUE / 2);

        assertThatThrownBy(() ->
                        new Unpacker(UnpackLimits.of(1 << 20, all)).unpack(zip(new RawZip().file("a", "x")), folder))
                .isInstanceOf(NoRoomException.class)
                .hasMessageContaining("needs 1 MiB on the disk; free are");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    public void damageIsSeen() throws IOException {
        refused(new RawZip().entry("a".getBytes(StandardCharsets.UTF_8), RawZip.FILE, new byte[10], 1), "CRC-32");
        refused(new RawZip().entry("a".getBytes(StandardCharsets.UTF_8), RawZip.LINK, new byte[] {'b'}, 1), "CRC-32");
        refused(new RawZip().entry(new byte[] {(byte) 0xff}, RawZip.FILE, new byte[0], 0), "not UTF-8");
        Path zip = zip(new RawZip().file("a", "content").file("b", "content"));
        byte[] whole = Files.readAllBytes(zip);
        for (int length = 0; length < whole.length; length++) {
            refused(Files.write(zip, Arrays.copyOf(whole, length)), "");
        }
    }

    /** Whatever a byte of the archive is turned into: it is unpacked into the folder, or refused. */
    @Test
    public void noWrongByteLeadsOut() throws IOException {
        Path zip = zip(new RawZip()
                .file("d/a", "content")
                .entry("d/l", RawZip.LINK, "../b")
                .file("b", "content"));
        byte[] whole = Files.readAllBytes(zip);
        for (int at = 0; at < whole.length; at++) {
            for (int value : new int[] {0, 1, '.', '/', 0x7f, 0xff}) {
                byte[] wrong = whole.clone();
                wrong[at] = (byte) value;
                Files.write(zip, wrong);
                try {
                    unpack(zip);
                } catch (ArchiveException expected) {
                    assertThat(expected.getMessage()).isNotBlank();
                }
                assertThat(list(root)).isSubsetOf("app", "app-other", "test.zip");
                assertThat(root.resolve("app-other")).isEmptyDirectory();
                Durable.deleteTree(folder);
            }
        }
    }

    private static List<String> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Path zip(RawZip zip) throws IOException {
        return zip.write(root.resolve("test.zip"));
    }

    private long unpack(Path zip) throws IOException {
        return new Unpacker(UnpackLimits.of(1L << 30, DISK)).unpack(zip, folder);
    }

    private void refused(RawZip zip) throws IOException {
        refused(zip(zip), "allowed");
    }

    private void refused(RawZip zip, String why) throws IOException {
        refused(zip(zip), why);
    }

    private void refused(Path zip, String why) throws IOException {
        assertThatThrownBy(() -> unpack(zip))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining(why);
        assertThat(Files.exists(root.resolve("evil"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        Durable.deleteTree(folder);
    }
}
