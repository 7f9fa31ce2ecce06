package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Assume;
import org.junit.Rule;
import org.junit.Test;

/** Functions in other processes, ours and those of others, and callers from outside: all over gRPC. */
public class GrpcFunctionsIT {
    private static final String PYTHON = "/usr/bin/python3";
    private static final Path GRPC = Distribution.project().resolve("bundles/function-grpc/src");
    private static final Path FOREIGN = GRPC.resolve("test/resources/io/openedge/function/grpc/foreign.py");
    private static final Path PROTO = GRPC.resolve("main/proto/function.proto");

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    private final List<Integer> ports = freePorts(3);
    private final int entry = ports.get(0);
    private final int foreign = ports.get(1);
    private final int secure = ports.get(2);

    @Test
    public void runtimesOfOtherProcessesAnswerAndOthersCallTheManager() throws Exception {
        assumeGrpcio();
        new Openssl(Files.createDirectories(gateway.db("cert")))
                .authority("ca")
                .signed("server", "ca", "localhost")
                .signed("client", "ca", "manager");
        foreignRuntime();
        application("osgi", "native");
        Files.createDirectories(gateway.db("secure-conf"));
        Files.writeString(
                gateway.db("secure-conf/service.yml"),
                "python: " + PYTHON + "\nserver: {address: 'localhost:" + secure
                        + "', ca: cert/ca.pem, cert: cert/server.pem,"
                        + " key: cert/server.key}\nfunctions: [{name: secure, handler: index.handler,"
                        + " codedir: var/db/openedge/function-sayhi}]\n");
        manager("  - {name: foreign, address: 'foreign:" + foreign + "', instance: {max: 3}}\n"
                + "  - {name: secure, address: 'localhost:" + secure
                + "', ca: cert/ca.pem, cert: cert/client.pem, key: cert/client.key}\n");

        gateway.start().expect(0);

        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+").publish("t", "{\"id\": 1}");
            assertThat(user.awaitMessage("t/sayhi")).contains("\"functionName\": \"python36-sayhi\"", "\"id\": 1");
            assertThat(user.awaitMessage("t/foreign")).contains("\"name\": \"foreign\"", "{\\\"id\\\": 1}");
            assertThat(user.awaitMessage("t/secure")).contains("\"functionName\": \"secure\"");
        }
        assertThat(commandOf("function-sayhi36.python36-sayhi.1")).contains(PYTHON, "openedge_function/server.py");

        assertThat(call("{\"name\": \"python36-sayhi\", \"payload\": \"{}\", \"id\": 3}"))
                .contains("\"id\": 3", "python36-sayhi");
        assertThat(call("{\"name\": \"foreign\", \"payload\": \"hello\"}")).contains("hello");
        assertThat(call("{\"name\": \"secure\", \"payload\": \"1\"}"))
                .contains("UNKNOWN", "Exception calling application: ('[UserCodeInvoke] ', TypeError(");
        assertThat(call("{\"name\": \"nobody\"}")).contains("UNKNOWN", "function not found");

        gateway.stop().expect(0);
        await().atMost(Duration.ofSeconds(20)).until(() -> free(entry) && free(foreign) && free(secure));
    }

    @Test
    public void aManagerThatIsAProcessReachesRuntimesInTheFramework() throws Exception {
        application("native", "osgi");
        manager("");

        gateway.start().expect(0);

        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+").publish("t", "{\"id\": 1}");
            assertThat(user.awaitMessage("t/sayhi")).contains("\"functionName\": \"python36-sayhi\"", "\"id\": 1");
        }
        assertThat(gateway.logs()).contains("functions are served at 127.0.0.1:");
    }

    /** One of the user's own: a package with a program that was written from function.proto. */
    private void foreignRuntime() throws IOException {
        Path bin = Files.createDirectories(gateway.db("foreign-runtime/bin"));
        Files.writeString(gateway.db("foreign-runtime/package.yml"), "entry: bin/run\n");
        Files.writeString(
                bin.resolve("run"),
                "#!/bin/sh\nsleep 100000 | " + PYTHON + " " + FOREIGN + " " + PROTO + " serve 127.0.0.1:" + foreign
                        + "\n");
        Files.setPosixFilePermissions(bin.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void application(String managersEngine, String runtimesEngine) throws IOException {
        Files.createDirectories(gateway.db("cert"));
        gateway.edit(gateway.db("function-sayhi-conf/service.yml"), text -> "python: " + PYTHON + "\n" + text);
        gateway.edit(gateway.db("application.yml"), text -> {
            String mixed = text.replace(
                            "    image: openedge-function-manager\n",
                            "    image: openedge-function-manager\n    engine: " + managersEngine + "\n")
                    .replace(
                            "    image: openedge-function-python36\n",
                            "    image: openedge-function-python36\n    engine: " + runtimesEngine + "\n")
                    .replace(
                            "      - {name: function-manager-conf, path: etc/openedge, readonly: true}\n",
                            "      - {name: function-manager-conf, path: etc/openedge, readonly: true}\n"
                                    + "      - {name: cert, path: cert}\n")
                    .replace("volumes:\n", "volumes:\n  - {name: cert, path: var/db/openedge/cert}\n");
            return Files.isDirectory(gateway.db("foreign-runtime")) ? withMore(mixed) : mixed;
        });
    }

    private static String withMore(String text) {
        return text.replace(
                "volumes:\n",
                "  - name: foreign\n    image: foreign-runtime\n    engine: native\n    replica: 1\n    mounts:\n"
                        + "      - {name: foreign-runtime, path: lib/openedge/foreign-runtime}\n"
                        + "  - name: secure\n    image: openedge-function-python36\n    engine: native\n    replica: 1\n"
                        + "    mounts:\n      - {name: secure-conf, path: etc/openedge}\n      - {name: cert, path: cert}\n"
                        + "      - {name: function-sayhi-code, path: var/db/openedge/function-sayhi}\n"
                        + "volumes:\n  - {name: foreign-runtime, path: var/db/openedge/foreign-runtime}\n"
                        + "  - {name: secure-conf, path: var/db/openedge/secure-conf}\n");
    }

    private void manager(String functions) throws IOException {
        StringBuilder text = new StringBuilder("hub: {address: 'tcp://localhub:" + gateway.port()
                + "', username: test, password: hahaha}\nserver: {address: '127.0.0.1:" + entry + "'}\nrules:\n");
        List<String> names = new ArrayList<>(List.of("python36-sayhi"));
        if (!functions.isEmpty()) {
            names.addAll(List.of("foreign", "secure"));
        }
        for (String name : names) {
            text.append("  - {clientid: rule-")
                    .append(name)
                    .append(", subscribe: {topic: t, qos: 1}, function: {name: ");
            text.append(name)
                    .append("}, publish: {topic: t/")
                    .append(name.replace("python36-", ""))
                    .append(", qos: 1}}\n");
        }
        text.append("functions:\n  - {name: python36-sayhi, service: function-sayhi36}\n")
                .append(functions);
        Files.writeString(gateway.db("function-manager-conf/service.yml"), text);
    }

    /** What a client that is not ours gets from the manager's entry. */
    private String call(String request) throws Exception {
        Path in = Files.writeString(gateway.work().resolve("request.json"), request + "\n");
        Path out = gateway.work().resolve("answer.json");
        ProcessBuilder builder = new ProcessBuilder(
                        PYTHON, FOREIGN.toString(), PROTO.toString(), "call", "127.0.0.1:" + entry)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("no_proxy", "127.0.0.1");
        assertThat(builder.start().waitFor()).isZero();
        return Files.readString(out);
    }

    private String commandOf(String instance) throws IOException, InterruptedException {
        Optional<JsonNode> found = gateway.instance(instance);
        long pid = found.orElseThrow().path("process").path("id").asLong();
        return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    }

    private static void assumeGrpcio() throws Exception {
        Assume.assumeTrue(
                "python3-grpcio and python3-protobuf are there",
                new ProcessBuilder(PYTHON, "-c", "import grpc, google.protobuf")
                                .start()
                                .waitFor()
                        == 0);
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
                found.add(sockets.get(i).getLocalPort());
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }
}
