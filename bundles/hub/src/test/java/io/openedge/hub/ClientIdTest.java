package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.LimitsConfig.ClientId;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.session.Limits;
import java.io.IOException;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** A hub whose operator allows any characters in a client id. */
public class ClientIdTest {
    private static final List<String> ALIKE = List.of(
            "a",
            "A",
            "a/",
            "a/1",
            "a:1",
            "a-1",
            "a.1",
            "a\n",
            "a ",
            " a",
            "../a",
            "./a",
            "auto-a",
            "s/a",
            "a%2F1",
            "a\\",
            "a'",
            "a\"",
            "ä",
            "a\u0308",
            "a+",
            "#",
            "+",
            "a".repeat(200));

    @Rule
    public final HubFixture hub = new HubFixture(
            HubFixture.config(),
            Limits.of(
                    HubFixture.config().message(),
                    new LimitsConfig(null, new ClientId(200, "(?s).*"), null, null, null),
                    HubFixture.MEMORY.session()));

    private void leave(RawClient client) throws IOException {
        client.send(Packets.DISCONNECT);
        client.expectClosed();
    }

    @Test
    public void a_client_id_made_to_look_like_anothers_store_key_finds_nothing_of_it() throws IOException {
        for (int i = 0; i < ALIKE.size(); i++) {
            RawClient client = hub.open();
            assertThat(client.connect(new Connect(ALIKE.get(i)).persistent()).body())
                    .as("new")
                    .containsExactly(0, 0);
            client.subscribe(2, "own/" + i);
            leave(client);
        }
        RawClient publisher = hub.client("publisher");
        for (int i = 0; i < ALIKE.size(); i++) {
            publisher.publishSafely("own/" + i, ALIKE.get(i), false, 1);
        }
        for (int i = 0; i < ALIKE.size(); i += 2) {
            leave(hub.client(new Connect(ALIKE.get(i)))); // clean: its session ends, and no other
        }
        for (int i = 0; i < ALIKE.size(); i++) {
            RawClient client = hub.open();
            int present = i % 2;
            assertThat(client.connect(new Connect(ALIKE.get(i)).persistent()).body())
                    .containsExactly(present, 0);
            if (present == 1) {
                assertThat(client.message().payload()).isEqualTo(ALIKE.get(i));
            }
            client.expectNothing();
        }
    }
}
