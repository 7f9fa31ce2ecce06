package io.openedge.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/**
 * A daemon of the test's own, that may be stopped, killed and stopped in its tracks. Needs root; has a network of its own, so
 * that it touches nothing of the machine's daemon.
 */
final class PrivateDaemon extends ExternalResource {
    /** How it sees this host: a wire between the two networks. */
    static final String THIS_HOST = "10.213.77.1";

    private static final String ITS_ADDRESS = "10.213.77.2";

    private final Path folder;
    private final int megabytes;
    private Process process;

    PrivateDaemon() {
        this(0);
    }

    private PrivateDaemon(int megabytes) {
        try {
            this.folder = Files.createTempDirectory(Path.of("/tmp"), "dockerd"); // its sockets need short paths
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        this.megabytes = megabytes;
    }

    /** Keeps its images on a disk of that size, and can pull from {@link #THIS_HOST}. */
    static PrivateDaemon withDisk(int megabytes) {
        return new PrivateDaemon(megabytes);
    }

    /** Where its images are. */
    Path data() {
        return folder.resolve("data");
    }

    Docker docker() {
        return new Docker("unix://" + folder.resolve("docker.sock"));
    }

    @Override
    protected void before() throws Throwable {
        if (megabytes > 0) {
            String disk = folder.resolve("disk").toString();
            run("truncate", "-s", megabytes + "M", disk);
            run("mkfs.ext4", "-q", "-F", disk);
            run("mount", "-o", "loop", disk, Files.createDirectory(data()).toString());
        }
        begin();
        if (megabytes > 0) {
            connect("eth" + process.pid());
        }
        docker().makeImage(folder);
    }

    void begin() throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "dockerd"));
        command.addAll(List.of("-H", docker().host(), "--data-root", data().toString()));
        command.addAll(List.of("--exec-root", folder.resolve("exec").toString()));
        command.addAll(List.of("--pidfile", folder.resolve("pid").toString()));
        command.addAll(List.of("--bridge", "none", "--iptables=false", "--insecure-registry", THIS_HOST + "/30"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        process = builder.start();
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            if (!process.isAlive()) { // after a kill it may take its containerd, which is dying, for one that runs
                process = builder.start();
            }
            return docker().attempt("version").code() == 0;
        });
    }

    /** The wire goes with the network. */
    private void connect(String wire) throws IOException, InterruptedException {
        String daemon = String.valueOf(process.pid());
        run("ip", "link", "add", wire, "type", "veth", "peer", "name", "host", "netns", daemon);
        run("ip", "addr", "add", THIS_HOST + "/30", "dev", wire);
        run("ip", "link", "set", wire, "up");
        run("nsenter", "-t", daemon, "-n", "ip", "addr", "add", ITS_ADDRESS + "/30", "dev", "host");
        run("nsenter", "-t", daemon, "-n", "ip", "link", "set", "host", "up");
    }

    void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    void kill() throws InterruptedException, IOException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Files.deleteIfExists(folder.resolve("pid"));
    }

    void signal(String signal) throws IOException, InterruptedException {
        run("kill", "-" + signal, String.valueOf(process.pid()));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as("%s", List.of(command))
                .isZero();
    }

    @Override
    protected void after() {
        try {
            if (process.isAlive()) {
                String all = docker().run("ps", "-aq");
                for (String id : all.split("\\s+")) {
                    docker().attempt("rm", "-f", id);
                }
                docker().attempt("network", "rm", "openedge");
            }
            terminate();
            String unmount = "grep " + folder + " /proc/mounts | cut -d' ' -f2 | sort -r | xargs -r umount -l";
            new ProcessBuilder("sh", "-c", unmount + "; rm -rf " + folder)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
