package io.openedge.engine.docker;

import static io.openedge.engine.docker.LiveEngine.code;
import static io.openedge.engine.docker.Services.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ByteSize;
import io.openedge.app.Privileges;
import io.openedge.app.Resources;
import io.openedge.engine.EngineException;
import io.openedge.engine.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** What the application says of a service is what its container is. */
public class ContainerTest {
    private static final String SERVE = "trap 'exit 0' TERM; while true; do echo hello | nc -l -p 7000 & wait $!; done";

    @Rule
    public final LiveEngine live = new LiveEngine();

    @Test
    public void aContainerHasNameLabelsAndNetworkOfItsService() throws Exception {
        live.running(Services.named("plain"), instance("plain", Docker.RUN, false, Map.of("A", "0777 x"), Set.of()));

        assertThat(inspect("plain", "json .Config.Labels"))
                .contains("\"openedge\":\"openedge\"", "\"service\":\"plain\"");
        assertThat(inspect("plain", ".HostConfig.NetworkMode")).isEqualTo("openedge");
        assertThat(inspect("plain", ".HostConfig.RestartPolicy.Name")).isIn("", "no");
        assertThat(inspect("plain", "json .HostConfig.LogConfig")).contains("max-size");
        assertThat(inspect("plain", "json .Config.Env")).contains("A=0777 x", "OPENEDGE_SERVICE_NAME=plain");
        assertThat(inspect("plain", "json .Config.Entrypoint")).contains("/bin/sh");
        assertThat(inspect("plain", "json .Config.Cmd")).contains("sleep 1000");
    }

    @Test
    public void servicesReachEachOtherByName() throws Exception {
        live.running(Services.named("callee"), instance("callee", SERVE));

        Instance caller = live.start(
                Services.named("caller"),
                instance(
                        "caller",
                        "for i in 1 2 3 4 5 6 7 8 9; do nc callee 7000 | grep hello && exit 7; sleep 1; done"));

        assertThat(LiveEngine.exit(caller)).matches(code(7));
    }

    @Test
    public void servicesOfOtherEnginesAreTheHost() throws Exception {
        live.running(
                Services.named("hosts"),
                instance(
                        "hosts",
                        Docker.RUN,
                        false,
                        Map.of("OPENEDGE_MASTER_API", "https://127.0.0.1:50050"),
                        Set.of("localhub")));

        assertThat(live.docker.run("exec", "hosts", "cat", "/etc/hosts"))
                .containsPattern("\\d+\\.\\d+\\.\\d+\\.\\d+\\s+localhub")
                .contains("openedge-gateway");
        assertThat(inspect("hosts", "json .Config.Env")).contains("OPENEDGE_MASTER_API=https://openedge-gateway:50050");
    }

    @Test
    public void containersReachThisHostAtTheAddressThatTheEngineNames() throws Exception {
        live.running(Services.named("first"), instance("first", Docker.RUN));
        String host = live.engine().hostAddress().orElseThrow();
        try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            Instance caller = live.start(
                    Services.named("caller"),
                    instance("caller", "nc " + host + " " + here.getLocalPort() + " </dev/null && exit 7"));
            here.setSoTimeout(20_000);
            here.accept().close();

            assertThat(LiveEngine.exit(caller)).matches(code(7));
        }
    }

    @Test
    public void volumesAreBoundWhereTheMountsSay() throws Exception {
        Files.writeString(live.volume("conf").resolve("a"), "from outside");
        Services service = Services.named("mounts")
                .mount("conf", "/etc/openedge", true)
                .mount("data", "var/db/openedge/data", false);

        LiveEngine.running(live.engine()
                .open(service.spec(), live.volumes("conf", "data"))
                .start(instance("mounts", "echo inside > /var/db/openedge/data/b; " + Docker.RUN)));

        assertThat(live.docker.run("exec", "mounts", "cat", "/etc/openedge/a")).isEqualTo("from outside");
        await().until(() -> Files.exists(live.volume("data").resolve("b")));
        assertThat(live.docker
                        .attempt("exec", "mounts", "touch", "/etc/openedge/c")
                        .text())
                .contains("Read-only file system");
    }

    @Test
    public void aMountThatClimbsOutIsRefused() {
        assertThatThrownBy(() -> live.engine()
                        .open(Services.named("s").mount("v", "../x", false).spec(), live.volumes("v")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("service 's'", "'../x'");
        assertThatThrownBy(() -> live.engine()
                        .open(Services.named("s").mount("v", "/", false).spec(), live.volumes("v")))
                .hasMessageContaining("root of the container");
        assertThatThrownBy(() -> live.engine()
                        .open(
                                Services.named("s")
                                        .mount("v", "a", false)
                                        .mount("w", "/a/", false)
                                        .spec(),
                                live.volumes("v", "w")))
                .hasMessageContaining("mounted there already");
    }

    @Test
    public void theSocketOfTheApiIsBoundAtItsOwnPathAndCannotBeReplaced() throws Exception {
        Path socket = live.work().resolve("api.sock");
        try (SocketServer api = new SocketServer(socket)) {
            Files.setPosixFilePermissions(socket, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
            Instance caller = live.start(
                    Services.named("caller").user("1234"),
                    instance(
                            "caller",
                            "curl -s --unix-socket " + socket + " http://gateway/v1/x; echo; rm " + socket
                                    + " && exit 1; exit 5",
                            false,
                            Map.of("OPENEDGE_MASTER_API", "unix://" + socket),
                            Set.of()));

            assertThat(LiveEngine.exit(caller)).matches(code(5));
            assertThat(api.requests()).containsExactly("GET /v1/x HTTP/1.1");
        }
    }

    @Test
    public void portsArePublished() throws Exception {
        int port = free();
        live.running(
                Services.named("ports").port("127.0.0.1:" + port + ":7000").port("7001/udp"), instance("ports", SERVE));

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(2000);
                return new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                        .startsWith("hello");
            } catch (IOException e) {
                return false;
            }
        });
        assertThat(live.docker.run("port", "ports")).contains("7001/udp -> ");
    }

    @Test
    public void aTakenPortIsTheFailureOfThatStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Instance instance = live.start(
                    Services.named("taken").port(taken.getLocalPort() + ":7000"), instance("taken", Docker.RUN));

            assertThat(LiveEngine.exit(instance).reason()).contains(String.valueOf(taken.getLocalPort()));
            assertThat(live.docker.has("taken")).isFalse();
        }
    }

    @Test
    public void limitsHold() throws Exception {
        live.running(
                Services.named("limits")
                        .device("/dev/null:/dev/nothing:r")
                        .runtime("runc")
                        .resources(new Resources(
                                new Resources.Cpu(0.5, "0"),
                                new Resources.Memory(new ByteSize(32 << 20), new ByteSize(48 << 20)),
                                new Resources.Pids(20))),
                instance("limits", Docker.RUN));

        assertThat(inspect("limits", ".HostConfig.NanoCpus")).isEqualTo("500000000");
        assertThat(inspect("limits", ".HostConfig.CpusetCpus")).isEqualTo("0");
        assertThat(inspect("limits", ".HostConfig.Memory")).isEqualTo(String.valueOf(32 << 20));
        assertThat(inspect("limits", ".HostConfig.MemorySwap")).isEqualTo(String.valueOf(48 << 20));
        assertThat(inspect("limits", ".HostConfig.PidsLimit")).isEqualTo("20");
        assertThat(inspect("limits", ".HostConfig.Runtime")).isEqualTo("runc");
        assertThat(live.docker.run("exec", "limits", "ls", "/dev/nothing")).isEqualTo("/dev/nothing");
        assertThat(live.docker
                        .attempt("exec", "limits", "sh", "-c", "for i in $(seq 40); do sleep 9 & done")
                        .text())
                .contains("fork");
    }

    @Test
    public void nobodyGainsRightsUnlessTheServiceMay() throws Exception {
        live.running(Services.named("meek"), instance("meek", Docker.RUN));
        live.running(
                Services.named("mighty").privileges(new Privileges(List.of("NET_ADMIN"), true)),
                instance("mighty", Docker.RUN));

        String meek = live.docker.run("exec", "meek", "cat", "/proc/1/status");
        assertThat(meek).contains("NoNewPrivs:\t1", "CapEff:\t00000000a80425fb");
        String mighty = live.docker.run("exec", "mighty", "cat", "/proc/1/status");
        assertThat(mighty).contains("NoNewPrivs:\t0", "CapEff:\t00000000a80435fb");
        assertThatThrownBy(() -> live.engine()
                        .open(
                                Services.named("odd")
                                        .privileges(new Privileges(List.of("FLY"), false))
                                        .spec(),
                                live.volumes()))
                .hasMessageContaining("privileges.capabilities: 'FLY' is not allowed here; allowed: ")
                .hasMessageContaining("NET_ADMIN");
    }

    @Test
    public void aReadOnlyRootLeavesFoldersInMemory() throws Exception {
        Instance instance = live.start(
                Services.named("sealed").readOnly().user("app"),
                instance(
                        "sealed",
                        "touch /root/x 2>/dev/null || touch /x && exit 1; touch /tmp/x /var/log/openedge/x && exit 6"));

        assertThat(LiveEngine.exit(instance)).matches(code(6));
    }

    @Test
    public void volumesThatTheGatewayMadeBelongToTheUserOfTheContainer() throws Exception {
        Files.writeString(live.volume("used").resolve("old"), "x");
        Services service = Services.named("owner")
                .user("app")
                .mount("fresh", "/fresh", false)
                .mount("used", "/used", false)
                .mount("conf", "/conf", true);

        Instance instance = live.engine()
                .open(service.spec(), live.volumes("fresh", "used", "conf"))
                .start(instance("owner", "touch /fresh/x && exit 8"));

        assertThat(LiveEngine.exit(instance)).matches(code(8));
        assertThat(Files.getAttribute(live.volume("fresh"), "unix:uid")).isEqualTo(1234);
        assertThat(Files.getAttribute(live.volume("fresh"), "unix:gid")).isEqualTo(2345);
        assertThat(Files.getAttribute(live.volume("used"), "unix:uid")).isEqualTo(0);
        assertThat(Files.getAttribute(live.volume("conf"), "unix:uid")).isEqualTo(0);
    }

    @Test
    public void anInstanceOnDemandIsReachedFromTheHostAndFromContainers() throws Exception {
        Instance function = live.running(
                Services.named("function"),
                instance(
                        "function.1",
                        "trap 'exit 0' TERM; while true; do"
                                + " echo $OPENEDGE_SERVICE_INSTANCE_ADDRESS | nc -l -p ${OPENEDGE_SERVICE_ADDRESS#*:} & wait $!; done",
                        true,
                        Map.of(),
                        Set.of()));

        assertThat(function.address("docker")).contains("function.1:50051");
        assertThat(function.address("osgi").orElseThrow()).startsWith("127.0.0.1:");
        String port = function.address("osgi").orElseThrow().replaceFirst(".*:", "");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(port))) {
                socket.setSoTimeout(2000);
                return new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                        .startsWith("0.0.0.0:50051");
            } catch (IOException e) {
                return false;
            }
        });
        Instance caller = live.start(
                Services.named("caller"), instance("caller", "nc function.1 50051 | grep 0.0.0.0 && exit 9"));
        assertThat(LiveEngine.exit(caller)).matches(code(9));
    }

    @Test
    public void anInstanceOnDemandWorksWhenItAnswers() throws Exception {
        Instance function = live.start(
                Services.named("slow"),
                instance("slow.1", "until test -e /go; do sleep 0.1; done; nc -l -p 50051", true, Map.of(), Set.of()));
        await().untilAsserted(() -> live.docker.run("exec", "slow.1", "true"));
        assertThat(function.running().toCompletableFuture()).isNotDone();

        live.docker.run("exec", "slow.1", "touch", "/go");

        LiveEngine.running(function);
    }

    @Test
    public void anAddressThatWasGivenIsUsedAsItIs() throws Exception {
        Instance given = live.running(
                Services.named("given"),
                instance("given", SERVE, true, Map.of("OPENEDGE_SERVICE_INSTANCE_ADDRESS", "0.0.0.0:7000"), Set.of()));

        assertThat(given.address()).contains("0.0.0.0:7000");
        assertThat(live.docker.run("port", "given")).isEmpty();
    }

    private String inspect(String container, String format) throws IOException, InterruptedException {
        return live.docker.inspect(container, format);
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
