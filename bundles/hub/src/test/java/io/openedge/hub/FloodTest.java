package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** More clients, sessions and filters than there is room for. */
public class FloodTest {
    private static final int CONNECTIONS = 20;
    private static final int STRANGERS = 5;
    private static final int SESSIONS = 30;
    private static final HubServer.Shares SHARES = new HubServer.Shares(4 << 20, 4 << 20, 1 << 20, 500_000);

    @Rule
    public final HubFixture hub =
            new HubFixture(HubFixture.config(), HubFixture.clients(CONNECTIONS, STRANGERS, SESSIONS), SHARES);

    private void connected(int count) {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() == count);
    }

    @Test
    public void who_comes_when_all_places_are_taken_is_closed_and_welcome_later() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.add(hub.client("c" + i));
        }
        for (int i = 0; i < 10; i++) {
            hub.open().expectClosed();
        }
        clients.get(0).subscribe(0, "t");
        clients.get(1).publish("t", "served");
        assertThat(clients.get(0).message().payload()).isEqualTo("served");
        clients.get(2).close();
        connected(CONNECTIONS - 1);
        assertThat(hub.client("new").subscribe(0, "t")).isZero();
    }

    @Test
    public void a_flood_that_never_logs_in_keeps_nobody_out() throws IOException {
        RawClient before = hub.client("before");
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            silent.add(hub.open());
        }
        assertThat(hub.client("after").subscribe(0, "t")).isZero();
        before.publish("t", "x");
        silent.get(0).expectClosed();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() <= 2 + STRANGERS);
    }

    @Test
    public void sessions_of_absent_clients_are_bounded_and_those_that_are_there_come_back() throws IOException {
        for (int i = 0; i < SESSIONS; i++) {
            RawClient client = hub.client(new Connect("s" + i).persistent());
            client.subscribe(1, "t");
            client.close();
            connected(0);
        }
        assertThat(hub.open().connect(new Connect("one-more").persistent()).body()[1])
                .isEqualTo((byte) 3);
        assertThat(hub.open().connect(new Connect("s7").persistent()).body()).containsExactly(1, 0);
        hub.client(new Connect("s7")).close();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().claims().size() == SESSIONS - 1);
        assertThat(hub.client("one-more").subscribe(0, "t")).isZero();
    }

    @Test
    public void filters_are_refused_when_their_memory_is_used_and_their_end_gives_it_back() throws IOException {
        RawClient client = hub.client("greedy");
        int taken = 0;
        while (client.subscribe(0, "f/" + taken) == 0) {
            assertThat(taken++).as("filters").isLessThan(10_000);
        }
        assertThat(taken).isGreaterThan(100);
        assertThat(client.subscribe(1, "f/0")).as("a known one changes").isEqualTo(1);
        assertThat(hub.client("other").subscribe(0, "g")).isEqualTo(0x80);
        client.close();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().memory().subscriptions().used() == 0);
        assertThat(hub.client("later").subscribe(0, "g")).isZero();
    }
}
