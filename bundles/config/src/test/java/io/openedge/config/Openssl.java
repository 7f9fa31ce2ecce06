package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Makes keys and certificates in a folder, as operators do. */
public record Openssl(Path folder) {
    public void run(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(("openssl " + command).split(" "));
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("openssl.log").toFile());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
        assertThat(process.exitValue()).as(command).isZero();
    }

    /** An authority: NAME.key, NAME.pem. */
    public Openssl authority(String name) throws Exception {
        run("req -x509 -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name + ".pem -days 2 -subj /CN="
                + name);
        return this;
    }

    /** A key in NAME.key, in PKCS#1, and a certificate of the authority in NAME.pem, for localhost. */
    public Openssl signed(String name, String authority) throws Exception {
        return signed(name, authority, "/CN=localhost");
    }

    /** The same for a subject such as {@code /CN=x}, at localhost. */
    public Openssl signed(String name, String authority, String subject) throws Exception {
        return signed(name, authority, subject, "DNS:localhost");
    }

    /** The same with another alternative name. */
    public Openssl signed(String name, String authority, String subject, String alternative) throws Exception {
        run("genrsa -traditional -out " + name + ".key 2048");
        assertThat(Files.readString(folder.resolve(name + ".key"))).contains("BEGIN RSA PRIVATE KEY");
        run("req -new -key " + name + ".key -out " + name + ".csr -subj " + subject);
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + alternative + "\n");
        run("x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority
                + ".key -CAcreateserial -days 2 -extfile " + name + ".ext -out " + name + ".pem");
        return this;
    }
}
