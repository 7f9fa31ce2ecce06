package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keys and certificates in a folder, made as operators do, and mosquitto's clients with them. */
record Openssl(Path folder) {
    /** An authority: NAME.key, NAME.pem. */
    Openssl authority(String name) throws Exception {
        run("openssl req -x509 -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name
                        + ".pem -days 2 -subj /CN=" + name)
                .expect(0);
        return this;
    }

    /** NAME.key in PKCS#1, NAME.pem with a common name, for localhost and the name that containers have for this host. */
    Openssl signed(String name, String authority, String commonName) throws Exception {
        run("openssl genrsa -traditional -out " + name + ".key 2048").expect(0);
        assertThat(Files.readString(folder.resolve(name + ".key"))).contains("BEGIN RSA PRIVATE KEY");
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=DNS:localhost,DNS:openedge-gateway\n");
        run("openssl req -new -key " + name + ".key -out " + name + ".csr -subj /CN=" + commonName)
                .expect(0);
        run("openssl x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority
                        + ".key -CAcreateserial -days 2 -extfile " + name + ".ext -out " + name + ".pem")
                .expect(0);
        return this;
    }

    /** NAME.p12: both, with a password. */
    Path store(String name, String password) throws Exception {
        run("openssl pkcs12 -export -in " + name + ".pem -inkey " + name + ".key -out " + name + ".p12 -passout pass:"
                        + password)
                .expect(0);
        return folder.resolve(name + ".p12");
    }

    /** What mosquitto_sub prints of a retained message that mosquitto_pub sent. */
    String exchange(int port, String user, String topic, String certificate) throws Exception {
        await("a listener with TLS on " + port)
                .atMost(Duration.ofSeconds(30))
                .until(() -> mosquitto("mosquitto_pub", port, user, topic, certificate, "-r", "-m", "hello")
                                .code()
                        == 0);
        return mosquitto("mosquitto_sub", port, user, topic, certificate, "-C", "1", "-W", "20", "-v")
                .expect(0)
                .out()
                .strip();
    }

    /** Whether the hub does not let them in. */
    boolean refused(int port, String user, String topic, String certificate) throws Exception {
        return mosquitto("mosquitto_pub", port, user, topic, certificate, "-m", "x")
                        .code()
                != 0;
    }

    private Outcome mosquitto(
            String program, int port, String user, String topic, String certificate, String... options)
            throws Exception {
        List<String> line = new ArrayList<>(List.of(program, "-h", "localhost", "-p", String.valueOf(port)));
        line.addAll(List.of("--cafile", "ca.pem", "-u", user, "-t", topic, "-q", "1"));
        if (!certificate.isEmpty()) {
            line.addAll(List.of("--cert", certificate + ".pem", "--key", certificate + ".key"));
        }
        line.addAll(List.of(options));
        return run(line);
    }

    private Outcome run(String command) throws Exception {
        return run(List.of(command.split(" ")));
    }

    private Outcome run(List<String> line) throws Exception {
        return Outcome.of(new ProcessBuilder(line).directory(folder.toFile()), folder);
    }
}
