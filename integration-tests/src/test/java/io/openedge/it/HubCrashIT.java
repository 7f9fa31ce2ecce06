package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * A hub that is killed, or whose disk loses its power, again and again while clients publish: every acknowledged message
 * comes, in order, one of QoS 2 once, and the subscriber's session stays. The property {@code openedge.rounds} is the
 * number of crashes.
 */
public class HubCrashIT {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 3);
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int PUBLISHERS = 4;
    private static final int MESSAGES = 25;
    private static final int LAST_MOMENT_MILLIS = 300;

    private final Random random = new Random();
    private final List<SurePublisher> publishers = new ArrayList<>();
    private Path scratch;
    private Process process;
    private SureSubscriber subscriber;
    private int port;
    private boolean lost = true;

    /** What a crash is. */
    private interface Crash {
        void happen() throws Exception;
    }

    @Before
    public void aFolder() throws IOException {
        scratch = Files.createTempDirectory(Path.of("/tmp"), "crash");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @After
    public void nothingIsLeft() throws Exception {
        for (SurePublisher publisher : publishers) {
            publisher.close();
        }
        if (subscriber != null) {
            subscriber.close();
        }
        if (process != null) {
            kill();
        }
        if (!lost) { // or somebody wants to see what the hub had on its disk
            Outcome.of(new ProcessBuilder("rm", "-rf", scratch.toString()), Path.of("/tmp"))
                    .expect(0);
        }
    }

    @Test
    public void killsLoseNothing() throws Exception {
        Path work = Files.createDirectory(scratch.resolve("work"));
        configure(work);
        crashes(work, this::kill);
    }

    @Test
    public void powerCutsLoseNothing() throws Exception {
        String hindrance = LostDisk.hindrance(scratch);
        assumeThat(hindrance).as("a disk that can be cut off").isEmpty();
        try (LostDisk disk = new LostDisk(scratch)) {
            configure(disk.folder());
            disk.settle();
            crashes(disk.folder(), () -> {
                halt();
                disk.cut();
                kill();
                disk.back();
            });
            kill();
        }
    }

    private void crashes(Path work, Crash crash) throws Exception {
        start(work);
        subscriber = new SureSubscriber("numbers/#", port);
        subscriber.start();
        await("subscription").atMost(LIMIT).until(subscriber::subscribed);
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.add(new SurePublisher("numbers/" + i, 1 + i % 2, port));
        }
        publishers.forEach(SureClient::start);
        for (int round = 1; round <= ROUNDS; round++) {
            progress();
            aMoment();
            crash.happen();
            start(work);
        }
        progress();
        for (SurePublisher publisher : publishers) {
            publisher.finish(LIMIT.toMillis());
        }
        for (SurePublisher publisher : publishers) {
            await("all of " + publisher.topic())
                    .atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(subscriber.count(publisher.topic())).isEqualTo(publisher.safe()));
        }
        well();
        long safe = publishers.stream().mapToLong(SurePublisher::safe).sum();
        Files.writeString(
                Path.of("target/hub-crashes.txt"),
                ROUNDS + " crashes, " + safe + " messages acknowledged: none lost, none of QoS 2 doubled\n");
        lost = false;
    }

    /** Each publisher gets on. */
    private void progress() {
        for (SurePublisher publisher : publishers) {
            long before = publisher.safe();
            await(publisher.topic() + " gets on").atMost(LIMIT).until(() -> {
                well();
                return publisher.safe() >= before + MESSAGES;
            });
        }
    }

    private void well() throws IOException {
        assertThat(subscriber.faults()).as("in %s", scratch).isEmpty();
        assertThat(subscriber.fault()).isEmpty();
        for (SurePublisher publisher : publishers) {
            assertThat(publisher.fault()).isEmpty();
        }
    }

    private void aMoment() throws InterruptedException {
        new CountDownLatch(1).await(random.nextInt(LAST_MOMENT_MILLIS), TimeUnit.MILLISECONDS);
    }

    private void configure(Path work) throws IOException {
        Path file = Files.createDirectories(work.resolve("etc/openedge")).resolve("service.yml");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "listen: ['tcp://127.0.0.1:" + port + "']",
                        "principals:",
                        "  - username: test",
                        "    password: hahaha",
                        "    permissions: [{action: pub, permit: ['#']}, {action: sub, permit: ['#']}]",
                        ""));
    }

    private void start(Path work) throws IOException {
        Path log = scratch.resolve("hub.log");
        process = new ProcessBuilder(Distribution.home().resolve("bin/openedge").toString(), "module", "openedge-hub")
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        await("the hub serves").atMost(LIMIT).until(() -> {
            assertThat(process.isAlive()).as(() -> text(log)).isTrue();
            return serves();
        });
    }

    private boolean serves() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /**
     * The hub says nothing more, as when the power is gone. Were it to run on, Linux would tell it now and then that a sync
     * succeeded that was under way in the moment of the cut (one in twenty, also for a program of three lines).
     */
    private void halt() throws Exception {
        List<String> line = new ArrayList<>(List.of("kill", "-STOP", String.valueOf(process.pid())));
        process.descendants().forEach(child -> line.add(String.valueOf(child.pid())));
        Outcome.of(new ProcessBuilder(line), scratch).expect(0);
    }

    private void kill() throws InterruptedException {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroyForcibly().waitFor();
        family.forEach(ProcessHandle::destroyForcibly);
        await("all are dead").atMost(LIMIT).until(() -> family.stream().noneMatch(ProcessHandle::isAlive));
    }
}
