package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.HubConfig.PermissionConfig;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Passwords that the configuration holds as hashes, made by Python's hashlib and the C library's crypt. */
public class HashedPasswordTest {
    private static final String PBKDF2 =
            "{pbkdf2}sha256:10000:MDEyMzQ1Njc4OWFiY2RlZg==:n4ONbLNA3egUeThGxm6ULGLxB5wN/yoeiS+w/1NvBMg=";
    private static final String BCRYPT = "{bcrypt}$2b$05$abcdefghijklmnopqrstuuv89.pAvO7XRUhf5iyrV91Ovm/vthfMG";
    private static final String SLOW = "{pbkdf2}sha256:1000000:MDEyMzQ1Njc4OWFiY2RlZg==:" + "A".repeat(43) + "=";

    @Rule
    public final HubFixture hub = new HubFixture(config(), HubFixture.defaults());

    private static HubConfig config() {
        HubConfig usual = HubFixture.config();
        List<PrincipalConfig> principals = new ArrayList<>(usual.principals());
        List<PermissionConfig> all = List.of(new PermissionConfig(Action.SUB, List.of("#")));
        principals.add(new PrincipalConfig("pb", PBKDF2, all));
        principals.add(new PrincipalConfig("bc", BCRYPT, all));
        principals.add(new PrincipalConfig("bc2y", BCRYPT.replace("$2b$", "$2y$"), all));
        principals.add(new PrincipalConfig("slow", SLOW, all));
        return new HubConfig(
                usual.listen(), null, principals, null, usual.message(), null, null, null, null, null, null);
    }

    private int code(String user, String password) throws IOException {
        return hub.open().connect(new Connect(user).user(user, password)).body()[1];
    }

    @Test
    public void the_right_password_opens_and_serves() throws IOException {
        for (String user : new String[] {"pb", "bc", "bc2y"}) {
            RawClient client = hub.client(new Connect(user).user(user, "hashed pass"));
            assertThat(client.subscribe(0, "t/" + user)).isZero();
            hub.client("publisher-" + user).publish("t/" + user, "hello");
            assertThat(client.message().payload()).isEqualTo("hello");
        }
    }

    @Test
    public void a_packet_that_came_with_connect_is_served_after_the_check() throws IOException {
        RawClient client = hub.open();
        client.send(new Connect("pb").user("pb", "hashed pass").bytes());
        client.send(Packets.subscribe(1, 0, "t"));
        assertThat(client.expect(2).body()[1]).isZero();
        client.expect(9);
    }

    @Test
    public void another_password_does_not_open_nor_does_the_hash_itself() throws IOException {
        assertThat(code("pb", "hashed")).isEqualTo(4);
        assertThat(code("pb", "")).isEqualTo(4);
        assertThat(code("bc", "hashed pass ")).isEqualTo(4);
        assertThat(code("pb", PBKDF2)).isEqualTo(4);
        assertThat(code("nobody", "hashed pass")).isEqualTo(4);
    }

    @Test
    public void a_flood_of_logins_stops_nobody_who_is_served() throws IOException {
        RawClient served = hub.client("served");
        List<RawClient> flood = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            flood.add(hub.open().send(new Connect("f" + i).user("slow", "guess").bytes()));
        }
        for (int i = 0; i < 20; i++) {
            served.expectNothing();
        }
        assertThat(flood.get(99).expect(2).body()[1]).as("the queue ends").isEqualTo((byte) 3);
        hub.client("plain").expectNothing();
    }
}
