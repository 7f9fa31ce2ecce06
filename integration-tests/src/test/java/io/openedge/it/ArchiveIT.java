package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** The archive of classes: made by the first start, used by the next ones, and never needed. */
public class ArchiveIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    @Test
    public void theNextStartTakesTheClassesOfTheBundlesFromIt() throws Exception {
        Path classes = Files.createDirectory(gateway.work().resolve("classes"));
        options("-Dopenedge.archive.after=0", "-Xlog:class+load:file=" + classes + "/%p.txt");
        startAndAwaitArchive();
        gateway.stop().expect(0);

        assertThat(gateway.start().expect(0).err()).isEmpty();

        List<String> ours = Files.readAllLines(classes.resolve(gateway.pid().orElseThrow() + ".txt")).stream()
                .filter(line -> line.contains("] io.openedge.") && !line.contains("Lambda"))
                .toList();
        assertThat(ours.stream().filter(line -> line.contains("shared objects file")))
                .hasSizeGreaterThan(ours.size() / 2);
        assertThat(gateway.command("status", "-w", gateway.work().toString())
                        .expect(0)
                        .err())
                .isEmpty();
        assertThat(gateway.work().resolve("var/cache/training")).doesNotExist();
    }

    @Test
    public void oneThatIsDamagedIsPassedOverInSilenceAndReplaced() throws Exception {
        options("-Dopenedge.archive.after=0");
        startAndAwaitArchive();
        gateway.stop().expect(0);
        long whole = Files.size(gatewayArchive());
        for (Path file : archives()) {
            assertThat(file.toFile().setWritable(true)).isTrue();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Files.size(file) / 2);
                channel.write(ByteBuffer.allocate(1), Files.size(file) * 2 - 1);
            }
        }
        assertThat(Files.size(gatewayArchive())).isEqualTo(whole);

        startsInSilence();

        await("it is replaced")
                .atMost(LIMIT)
                .until(() -> !archives().isEmpty() && log().split("archive of classes is made", -1).length == 3);
        gateway.stop().expect(0);
        startsInSilence();
        assertThat(mapsArchive()).isTrue();
    }

    @Test
    public void oneThatIsCutEmptyALinkOrOfAnotherUserIsNotUsed() throws Exception {
        options("-Dopenedge.archive.after=0");
        startAndAwaitArchive();
        gateway.stop().expect(0);
        Path archive = gatewayArchive();
        byte[] content = Files.readAllBytes(archive);

        assertThat(archive.toFile().setWritable(true)).isTrue();
        Files.write(archive, Arrays.copyOf(content, content.length - 5000));
        startsWithoutArchive();

        Files.write(archive, new byte[0]);
        startsWithoutArchive();

        Path elsewhere = gateway.work().resolve("elsewhere.jsa");
        Files.write(elsewhere, content);
        Files.delete(archive);
        Files.createSymbolicLink(archive, elsewhere);
        startsWithoutArchive();

        if (System.getProperty("user.name").equals("root")) {
            Files.delete(archive);
            Files.write(archive, content);
            Files.setOwner(
                    archive,
                    archive.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
            startsWithoutArchive();
        }
    }

    @Test
    public void aGatewayThatDiesTakesItsTrainingRunWithIt() throws Exception {
        options("-Dopenedge.archive.after=0");
        gateway.start().expect(0);
        ProcessHandle process = ProcessHandle.of(gateway.pid().orElseThrow()).orElseThrow();
        await("the training run").atMost(LIMIT).until(() -> training(process).isPresent());
        ProcessHandle training = training(process).orElseThrow();

        gateway.kill9();

        await("its end").atMost(LIMIT).until(() -> !training.isAlive());
        options("-Dopenedge.archive.after=3000");
        gateway.start().expect(0);
    }

    @Test
    public void switchedOffThereIsNone() throws Exception {
        options("-Dopenedge.archive.after=0");
        startAndAwaitArchive();
        gateway.stop().expect(0);

        options("-Dopenedge.archive=off");
        startsInSilence();

        assertThat(mapsArchive()).isFalse();
        await("it is removed")
                .atMost(LIMIT)
                .until(() -> !Files.exists(gateway.work().resolve("var/cache/archive")));
    }

    private void startsWithoutArchive() throws Exception {
        startsInSilence();
        assertThat(mapsArchive()).isFalse();
        gateway.kill9();
    }

    private void startsInSilence() throws Exception {
        assertThat(gateway.start().expect(0).err().lines().filter(line -> !line.contains("old pid file")))
                .isEmpty();
        assertThat(gateway.command("status", "-w", gateway.work().toString())
                        .expect(0)
                        .err())
                .isEmpty();
    }

    private void startAndAwaitArchive() throws Exception {
        gateway.start().expect(0);
        await("the archive").atMost(LIMIT).until(() -> log().contains("archive of classes is made"));
        assertThat(archives()).hasSize(2);
    }

    private String log() throws IOException {
        return Files.readString(gateway.work().resolve("var/log/openedge/openedge.log"));
    }

    private boolean mapsArchive() throws IOException {
        return Files.readString(Path.of("/proc/" + gateway.pid().orElseThrow() + "/maps"))
                .contains("/archive/gateway-");
    }

    private Path gatewayArchive() throws IOException {
        return archives().stream()
                .filter(file -> file.getFileName().toString().startsWith("gateway-"))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(gateway.work().resolve("var/cache/archive"))) {
            return files.toList();
        }
    }

    private static Optional<ProcessHandle> training(ProcessHandle gateway) throws IOException {
        return gateway.descendants()
                .filter(child -> {
                    try {
                        return Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"))
                                .contains("openedge.archive=training");
                    } catch (IOException ended) {
                        return false;
                    }
                })
                .findFirst();
    }

    private void options(String... lines) throws IOException {
        Files.write(gateway.work().resolve("etc/openedge/jvm.options"), List.of(lines));
    }
}
