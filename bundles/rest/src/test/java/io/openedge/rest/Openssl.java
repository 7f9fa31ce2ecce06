package io.openedge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Makes keys and certificates in a folder, as operators do. */
record Openssl(Path folder) {
    void run(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(("openssl " + command).split(" "));
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("openssl.log").toFile());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
        assertThat(process.exitValue()).as(command).isZero();
    }

    /** An authority: NAME.key, NAME.pem. */
    void authority(String name) throws Exception {
        run("req -x509 -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name + ".pem -days 2 -subj /CN="
                + name);
    }

    /** A key in NAME.key, in PKCS#1, and a certificate of the authority for localhost in NAME.pem. */
    void signed(String name, String authority) throws Exception {
        run("genrsa -traditional -out " + name + ".key 2048");
        run("req -new -key " + name + ".key -out " + name + ".csr -subj /CN=localhost");
        run("x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority
                + ".key -CAcreateserial -days 2" + " -out " + name + ".pem");
    }
}
