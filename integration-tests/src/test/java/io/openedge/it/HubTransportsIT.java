package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import io.openedge.config.Tls;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** The hub of a gateway serves tcp, ssl, ws and wss side by side, also to clients that are not ours. */
public class HubTransportsIT {
    @Rule
    public final Gateway gateway = Gateway.ofExample();

    private Openssl openssl;

    @Test
    public void aMessageReachesClientsOfAllFourTransports() throws Exception {
        openssl = new Openssl(Files.createDirectories(gateway.db("localhub-conf/cert")))
                .authority("ca")
                .signed("server", "ca", "localhost");
        List<Integer> ports = freePorts(3);
        gateway.edit(
                gateway.db("localhub-conf/service.yml"),
                text -> text.replace(
                        "listen:",
                        "certificate: {cert: etc/openedge/cert/server.pem, key: etc/openedge/cert/server.key}\n"
                                + "listen:\n  - ssl://127.0.0.1:" + ports.get(0) + "\n  - ws://:" + ports.get(1)
                                + "/mqtt\n  - wss://127.0.0.1:" + ports.get(2) + "/mqtt"));
        gateway.start().expect(0);
        List<Mqtt3BlockingClient> clients = List.of(
                client(gateway.port(), false, false),
                client(ports.get(0), true, false),
                client(ports.get(1), false, true),
                client(ports.get(2), true, true));
        List<Mqtt3BlockingClient.Mqtt3Publishes> inboxes = new ArrayList<>();
        for (Mqtt3BlockingClient client : clients) {
            client.connect();
            inboxes.add(client.publishes(MqttGlobalPublishFilter.ALL));
            client.subscribeWith()
                    .topicFilter("all/+")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
        }

        String large = "x".repeat(30_000);
        for (Mqtt3BlockingClient client : clients) {
            client.publishWith()
                    .topic("all/t")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(large.getBytes(StandardCharsets.UTF_8))
                    .send();
        }

        for (Mqtt3BlockingClient.Mqtt3Publishes inbox : inboxes) {
            for (int i = 0; i < clients.size(); i++) {
                Mqtt3Publish message = inbox.receive(20, TimeUnit.SECONDS).orElseThrow();
                assertThat(new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(large);
            }
        }
        clients.forEach(Mqtt3BlockingClient::disconnect);
    }

    @Test
    public void aClientThatAsksForAnotherHandshakeIsClosed() throws Exception {
        openssl = new Openssl(Files.createDirectories(gateway.db("localhub-conf/cert")))
                .authority("ca")
                .signed("server", "ca", "localhost");
        int port = freePorts(1).get(0);
        gateway.edit(
                gateway.db("localhub-conf/service.yml"),
                text -> text.replace(
                        "listen:",
                        "certificate: {cert: etc/openedge/cert/server.pem, key: etc/openedge/cert/server.key}\n"
                                + "listen:\n  - ssl://127.0.0.1:" + port));
        gateway.start().expect(0);

        Path output = openssl.folder().resolve("client.log");
        Process client = new ProcessBuilder(
                        "openssl", "s_client", "-connect", "localhost:" + port, "-tls1_2", "-CAfile", "ca.pem")
                .directory(openssl.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (OutputStream keys = client.getOutputStream()) {
            keys.write("R\n".getBytes(StandardCharsets.US_ASCII));
            keys.flush();
            assertThat(client.waitFor(20, TimeUnit.SECONDS)).as("closed").isTrue();
        } finally {
            client.destroyForcibly();
        }
        assertThat(Files.readString(output)).contains("RENEGOTIATING").contains("handshake failure");
    }

    private Mqtt3BlockingClient client(int port, boolean tls, boolean web) throws Exception {
        Mqtt3ClientBuilder builder = Mqtt3Client.builder()
                .identifier("client-" + port)
                .serverHost("localhost")
                .serverPort(port)
                .simpleAuth()
                .username("test")
                .password("hahaha".getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth();
        if (tls) {
            builder = builder.sslConfig(MqttClientSslConfig.builder()
                    .trustManagerFactory(
                            Tls.of(openssl.folder(), "ca.pem", "", "").serverTrust())
                    .build());
        }
        if (web) {
            builder = builder.webSocketConfig(
                    MqttWebSocketConfig.builder().serverPath("mqtt").build());
        }
        return builder.buildBlocking();
    }

    private static List<Integer> freePorts(int count) throws Exception {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
