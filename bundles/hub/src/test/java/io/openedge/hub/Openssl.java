package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.config.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

/** Makes keys and certificates in a folder, as operators do, and connects with them. */
record Openssl(Path folder) {
    private void run(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(("openssl " + command).split(" "));
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("openssl.log").toFile());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
        assertThat(process.exitValue()).as(command).isZero();
    }

    /** An authority: NAME.key, NAME.pem. */
    Openssl authority(String name) throws Exception {
        run("req -x509 -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name + ".pem -days 2 -subj /CN="
                + name);
        return this;
    }

    /** NAME.key in PKCS#1, NAME.pem for a subject such as {@code /CN=x}. */
    Openssl signed(String name, String authority, String subject) throws Exception {
        return signed(name, authority, subject, "DNS:localhost");
    }

    /** The same with an alternative name. */
    Openssl signed(String name, String authority, String subject, String alternative) throws Exception {
        run("genrsa -traditional -out " + name + ".key 2048");
        assertThat(Files.readString(folder.resolve(name + ".key"))).contains("BEGIN RSA PRIVATE KEY");
        run("req -new -key " + name + ".key -out " + name + ".csr -subj " + subject);
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + alternative + "\n");
        run("x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority
                + ".key -CAcreateserial -days 2 -extfile " + name + ".ext -out " + name + ".pem");
        return this;
    }

    /** Shows its certificate whatever authorities the hub names. */
    private static final class Shown extends X509ExtendedKeyManager {
        private final Optional<X509ExtendedKeyManager> keys;

        Shown(Tls tls) {
            keys = tls.keyManagers().map(factory -> (X509ExtendedKeyManager) factory.getKeyManagers()[0]);
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return keys.map(all -> all.getClientAliases(type, null)).orElse(null);
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return keys.map(all -> all.chooseClientAlias(types, null, socket)).orElse(null);
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.map(all -> all.getCertificateChain(alias)).orElse(null);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.map(all -> all.getPrivateKey(alias)).orElse(null);
        }
    }

    /** A connection with TLS that trusts ca.pem. */
    SSLSocket connect(InetSocketAddress hub, String certificate, String protocol) throws Exception {
        String pem = certificate.isEmpty() ? "" : certificate + ".pem";
        String key = certificate.isEmpty() ? "" : certificate + ".key";
        Tls tls = Tls.of(folder, "ca.pem", pem, key);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Shown(tls)}, tls.serverTrust().getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(hub.getAddress(), hub.getPort());
        try {
            socket.setSoTimeout(5_000);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
