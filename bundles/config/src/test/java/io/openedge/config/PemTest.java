package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Keys and certificates as openssl writes them. */
public class PemTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Openssl openssl;

    @Before
    public void inFolder() {
        openssl = new Openssl(folder.getRoot().toPath());
    }

    private Path file(String name) {
        return openssl.folder().resolve(name);
    }

    @Test
    public void oldRsaKeysInPkcs1AreTheSameAsInPkcs8() throws Exception {
        openssl.run("genrsa -traditional -out old.key 2048");
        openssl.run("pkcs8 -topk8 -nocrypt -in old.key -out new.key");

        assertThat(Files.readString(file("old.key"))).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(Pem.privateKey(file("old.key")))
                .isInstanceOf(RSAPrivateKey.class)
                .isEqualTo(Pem.privateKey(file("new.key")));
    }

    @Test
    public void ecKeysInSec1AreTheSameAsInPkcs8() throws Exception {
        for (String curve : new String[] {"prime256v1", "secp384r1"}) {
            openssl.run("ecparam -name " + curve + " -genkey -out old.key");
            openssl.run("pkcs8 -topk8 -nocrypt -in old.key -out new.key");

            assertThat(Files.readString(file("old.key"))).contains("-----BEGIN EC PRIVATE KEY-----");
            ECPrivateKey old = (ECPrivateKey) Pem.privateKey(file("old.key"));
            ECPrivateKey same = (ECPrivateKey) Pem.privateKey(file("new.key"));
            assertThat(old.getS()).isEqualTo(same.getS());
            assertThat(old.getParams()).isEqualTo(same.getParams());
        }
    }

    @Test
    public void edwardsKeysAreRead() throws Exception {
        openssl.run("genpkey -algorithm ed25519 -out ed.key");

        assertThat(Pem.privateKey(file("ed.key")).getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    public void encryptedKeysAreRefusedWithTheReason() throws Exception {
        openssl.run("genrsa -traditional -aes128 -passout pass:secret -out old.key 2048");
        openssl.run("genrsa -aes128 -passout pass:secret -out new.key 2048");

        for (String name : new String[] {"old.key", "new.key"}) {
            assertThatThrownBy(() -> Pem.privateKey(file(name)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith(
                            file(name) + ": the key is encrypted; allowed: a private key without a password");
        }
    }

    @Test
    public void chainsKeepTheirOrder() throws Exception {
        openssl.authority("ca");
        openssl.signed("server", "ca");
        Files.writeString(
                file("chain.pem"),
                "a comment\n" + Files.readString(file("server.pem")) + Files.readString(file("ca.pem")));

        assertThat(Pem.certificates(file("chain.pem")))
                .extracting(certificate -> certificate.getSubjectX500Principal().getName())
                .containsExactly("CN=localhost", "CN=ca");
    }

    @Test
    public void otherFilesAreRefusedByNameAndNotRepeated() throws Exception {
        openssl.authority("ca");
        Files.writeString(file("text"), "hello");
        String key = Files.readString(file("ca.key"));
        Files.writeString(file("cut"), key.substring(0, 400) + key.substring(500));
        Files.writeString(file("junk"), "-----BEGIN EC PRIVATE KEY-----\nMIIB\n-----END EC PRIVATE KEY-----\n");
        Files.writeString(file("bad"), "-----BEGIN CERTIFICATE-----\n&&\n-----END CERTIFICATE-----\n");

        Files.writeString(file("dashes"), "-----BEGIN A-----" + "- ".repeat(1 << 20) + "-----BEGIN ".repeat(100_000));
        assertThatThrownBy(() -> Pem.privateKey(file("dashes"))).hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> Pem.privateKey(file("missing")))
                .hasMessage(file("missing") + ": there is no such file");
        assertThatThrownBy(() -> Pem.privateKey(file("text")))
                .hasMessageStartingWith(file("text") + ": holds no private key; allowed: ");
        assertThatThrownBy(() -> Pem.privateKey(file("ca.pem"))).hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> Pem.privateKey(file("cut")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file("cut") + ": ");
        assertThatThrownBy(() -> Pem.privateKey(file("junk"))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Pem.certificates(file("ca.key")))
                .hasMessage(file("ca.key") + ": holds no certificate; allowed: certificates in PEM: BEGIN CERTIFICATE");
        assertThatThrownBy(() -> Pem.certificates(file("bad"))).hasMessageContaining("BEGIN CERTIFICATE is damaged");
    }
}
