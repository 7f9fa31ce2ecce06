package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.config.Openssl;
import io.openedge.hub.Packets.Connect;
import java.util.List;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Who gets in over TLS: the principal cert has no password, test has one; a client shows no certificate, that of cert, that
 * of somebody else, or one with cert as an alternative name.
 */
public class CertificateLoginTest {
    private static final int LET_IN = 0;
    private static final int BAD_LOGIN = 4;

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static Openssl openssl;

    @Rule
    public final HubFixture anySubject = hub("ca.pem", "");

    @Rule
    public final HubFixture sameSubject = hub("ca.pem", "subject");

    @Rule
    public final HubFixture noAuthority = hub("", "");

    private static HubFixture hub(String ca, String match) {
        return new HubFixture(
                HubFixture.config(
                        List.of("ssl://127.0.0.1:0"), new HubConfig.Certificate(ca, "server.pem", "server.key", match)),
                HubFixture.defaults(),
                openssl.folder());
    }

    @BeforeClass
    public static void certificates() throws Exception {
        openssl = new Openssl(FOLDER.getRoot().toPath())
                .authority("ca")
                .signed("server", "ca", "/CN=localhost")
                .signed("cert", "ca", "/O=org/CN=cert")
                .signed("other", "ca", "/CN=other")
                .signed("inner", "ca", "/CN=cert/CN=other")
                .signed("alternative", "ca", "/CN=other", "DNS:localhost,DNS:cert")
                .signed("test", "ca", "/CN=test");
    }

    private static int login(HubFixture hub, String certificate, String username, String password) throws Exception {
        int last = -1;
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (RawClient client =
                    new RawClient(TlsSockets.connect(openssl.folder(), hub.address(0), certificate, protocol))) {
                int code = client.connect(new Connect("c").user(username, password))
                        .body()[1];
                assertThat(last).as("the same with both versions of TLS").isIn(-1, code);
                last = code;
            }
        }
        return last;
    }

    @Test
    public void a_password_is_checked_whatever_certificate_is_shown() throws Exception {
        for (HubFixture hub : List.of(anySubject, sameSubject)) {
            for (String certificate : List.of("", "test", "cert", "other")) {
                assertThat(login(hub, certificate, "test", "hahaha")).isEqualTo(LET_IN);
                assertThat(login(hub, certificate, "test", "wrong")).isEqualTo(BAD_LOGIN);
                assertThat(login(hub, certificate, "cert", "anything")).isEqualTo(BAD_LOGIN);
            }
        }
    }

    @Test
    public void who_has_a_password_does_not_get_in_by_certificate_alone() throws Exception {
        for (HubFixture hub : List.of(anySubject, sameSubject)) {
            for (String certificate : List.of("", "test", "cert", "other")) {
                assertThat(login(hub, certificate, "test", "")).isEqualTo(BAD_LOGIN);
            }
        }
    }

    @Test
    public void who_has_none_needs_a_certificate() throws Exception {
        assertThat(login(anySubject, "", "cert", "")).isEqualTo(BAD_LOGIN);
        assertThat(login(sameSubject, "", "cert", "")).isEqualTo(BAD_LOGIN);
        assertThat(login(anySubject, "cert", "cert", "")).isEqualTo(LET_IN);
        assertThat(login(sameSubject, "cert", "cert", "")).isEqualTo(LET_IN);
    }

    @Test
    public void the_subject_matters_where_it_is_asked_for() throws Exception {
        for (String certificate : List.of("other", "inner", "alternative")) {
            assertThat(login(anySubject, certificate, "cert", "")).isEqualTo(LET_IN);
        }
        assertThat(login(sameSubject, "other", "cert", "")).isEqualTo(BAD_LOGIN);
        assertThat(login(sameSubject, "inner", "cert", "")).isEqualTo(BAD_LOGIN);
        assertThat(login(sameSubject, "alternative", "cert", "")).isEqualTo(LET_IN);
    }

    @Test
    public void a_name_that_nobody_has_and_no_name_do_not_get_in() throws Exception {
        assertThat(login(anySubject, "other", "other", "")).isEqualTo(BAD_LOGIN);
        assertThat(login(anySubject, "cert", "", "")).isEqualTo(BAD_LOGIN);
        assertThat(login(sameSubject, "other", "other", "")).isEqualTo(BAD_LOGIN);
    }

    @Test
    public void without_authorities_a_certificate_is_not_asked_for_and_proves_nothing() throws Exception {
        assertThat(login(noAuthority, "cert", "cert", "")).isEqualTo(BAD_LOGIN);
        assertThat(login(noAuthority, "cert", "test", "hahaha")).isEqualTo(LET_IN);
    }

    @Test
    public void rights_are_those_of_the_principal() throws Exception {
        try (RawClient client =
                new RawClient(TlsSockets.connect(openssl.folder(), sameSubject.address(0), "cert", "TLSv1.3"))) {
            client.connect(new Connect("c").user("cert", ""));
            assertThat(client.subscribe(1, "tls/#")).isEqualTo(1);
            assertThat(client.subscribe(1, "t")).isEqualTo(0x80);
            client.publish("tls/x", "mine");
            assertThat(client.message().payload()).isEqualTo("mine");
            client.publish("t", "not mine");
            client.expectClosed();
        }
    }
}
