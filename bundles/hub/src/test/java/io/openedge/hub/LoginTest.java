package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Who gets in, and what they may do. */
public class LoginTest {
    private static final int UNKNOWN_VERSION = 1;
    private static final int ID_REJECTED = 2;
    private static final int BAD_LOGIN = 4;
    private static final int NOT_AUTHORIZED = 5;

    @Rule
    public final HubFixture hub = new HubFixture();

    private void refused(int code, Connect connect) throws IOException {
        RawClient client = hub.open();
        assertThat(client.connect(connect).body()).isEqualTo(new byte[] {0, (byte) code});
        client.expectClosed();
    }

    private static Connect few(String id) {
        return new Connect(id).user("few", "pass");
    }

    @Test
    public void only_name_and_password_together_open() throws IOException {
        refused(BAD_LOGIN, new Connect("c").user("test", "wrong"));
        refused(BAD_LOGIN, new Connect("c").user("nobody", "hahaha"));
        refused(BAD_LOGIN, new Connect("c").user("test", ""));
        refused(BAD_LOGIN, new Connect("c").user("", ""));
    }

    @Test
    public void who_has_no_password_cannot_log_in_without_a_certificate() throws IOException {
        refused(BAD_LOGIN, new Connect("c").user("cert", ""));
        refused(BAD_LOGIN, new Connect("c").user("cert", "anything"));
        refused(BAD_LOGIN, new Connect("c").user("cert", "\0".repeat(32)));
    }

    @Test
    public void client_ids_are_letters_digits_underscore_and_hyphen() throws IOException {
        hub.client("0aZ_-" + "x".repeat(123));
        for (String id : new String[] {"#", "+", "a/b", "a b", "ü", "x".repeat(129)}) {
            refused(ID_REJECTED, new Connect(id));
        }
    }

    @Test
    public void an_empty_client_id_needs_a_clean_session() throws IOException {
        refused(ID_REJECTED, new Connect("").persistent());
        RawClient one = hub.client("");
        RawClient other = hub.client("");
        one.expectNothing();
        other.expectNothing();
    }

    @Test
    public void protocol_versions_3_and_4_are_served_and_others_refused() throws IOException {
        hub.client(new Connect("old").version(3)).expectNothing();
        refused(UNKNOWN_VERSION, new Connect("new").version(5));
        refused(UNKNOWN_VERSION, new Connect("odd").version(9));
    }

    @Test
    public void a_forbidden_will_is_refused() throws IOException {
        refused(NOT_AUTHORIZED, few("c").will("out/x", "gone", 0, false));
        refused(NOT_AUTHORIZED, new Connect("c").will("$SYS/x", "gone", 0, false));
        hub.client(few("c").will("in/x", "gone", 0, false));
    }

    @Test
    public void a_forbidden_publish_closes_the_connection_and_reaches_nobody() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(0, "#");
        RawClient client = hub.client(few("c"));
        client.publish("in/x", "allowed");
        assertThat(watcher.message().payload()).isEqualTo("allowed");
        client.publish("in/x/y", "forbidden");
        client.expectClosed();
        watcher.expectNothing();
    }

    @Test
    public void nobody_publishes_to_topics_of_the_hub() throws IOException {
        RawClient client = hub.client("c");
        client.publish("$SYS/x", "false news");
        client.expectClosed();
    }

    @Test
    public void a_forbidden_subscription_gets_0x80_and_nothing_else() throws IOException {
        RawClient client = hub.client(few("c"));
        assertThat(client.subscribe(1, "a/#")).as("a/+ does not grant a/#").isEqualTo(0x80);
        assertThat(client.subscribe(1, "#")).isEqualTo(0x80);
        assertThat(client.subscribe(1, "+/x")).isEqualTo(0x80);
        assertThat(client.subscribe(1, "a/x")).isEqualTo(1);
        assertThat(client.subscribe(1, "b/+/x")).isEqualTo(1);
        hub.client("publisher").publishSafely("a/x/y", "secret", false, 1);
        client.expectNothing();
    }

    @Test
    public void a_permit_may_name_the_client_itself() throws IOException {
        RawClient client = hub.client(few("c"));
        assertThat(client.subscribe(0, "own/test/#")).isEqualTo(0x80);
        assertThat(client.subscribe(0, "own/few/#")).isZero();
        client.publish("own/few/c", "mine");
        assertThat(client.message().payload()).isEqualTo("mine");
        client.publish("own/few/d", "of another");
        client.expectClosed();
    }

    @Test
    public void one_packet_may_hold_allowed_and_forbidden_filters() throws IOException {
        RawClient client = hub.client(few("c"));
        client.send(Packets.subscribe(5, 1, "a/x", "#", "b", "a#"));
        assertThat(client.expect(9).body()).isEqualTo(new byte[] {0, 5, 1, (byte) 0x80, 1, (byte) 0x80});
    }

    @Test
    public void a_shared_subscription_and_hub_topics_are_not_granted_by_a_wildcard() throws IOException {
        RawClient client = hub.client("c");
        assertThat(client.subscribe(0, "$share/g")).isEqualTo(0x80);
        assertThat(client.subscribe(0, "$share/g/t")).isEqualTo(0x80);
        assertThat(client.subscribe(0, "$SYS/#")).isEqualTo(0x80);
    }
}
