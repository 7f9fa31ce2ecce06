package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ByteSize;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import io.openedge.hub.session.Limits;
import io.openedge.hub.session.Memory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Everything that clients make the hub keep is bounded in bytes, whatever its number. */
public class MemoryTest {
    private static final HubServer.Shares SHARES = new HubServer.Shares(4 << 20, 4 << 20, 800_000, 400_000);
    private static final int LARGE = 60_000;

    @Rule
    public final HubFixture hub =
            new HubFixture(HubFixture.config(), Limits.of(HubFixture.config().message(), 800_000), SHARES);

    private Memory memory() {
        return hub.server().broker().memory();
    }

    private static void untilZero(java.util.function.LongSupplier used) {
        await().atMost(Duration.ofSeconds(5)).until(() -> used.getAsLong() == 0);
    }

    @Test
    public void a_window_is_full_when_its_messages_weigh_too_much() throws IOException {
        RawClient lazy = hub.client("lazy");
        lazy.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        for (int i = 1; i <= 10; i++) {
            publisher.publishSafely("t", "x".repeat(LARGE), false, i);
        }
        List<Published> window = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            window.add(lazy.message());
        }
        lazy.expectNothing();
        assertThat(memory().waiting().used()).isGreaterThan(10 * LARGE);
        for (int i = 0; i < 10; i++) {
            lazy.send(Packets.puback(window.get(i).id()));
            if (i < 6) {
                window.add(lazy.message());
            }
        }
        untilZero(memory().waiting()::used);
    }

    @Test
    public void one_that_takes_what_it_gets_is_served_when_others_have_filled_the_memory() throws IOException {
        RawClient publisher = hub.client("publisher");
        for (int i = 0; i < 6; i++) {
            hub.client("lazy" + i).subscribe(1, "t");
        }
        for (int i = 1; i <= 20; i++) {
            publisher.publishSafely("t", "x".repeat(LARGE), false, i);
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().dropped(1) > 0);
        RawClient healthy = hub.client("healthy");
        healthy.subscribe(1, "t");
        for (int i = 1; i <= 20; i++) {
            publisher.publishSafely("t", "y".repeat(LARGE), false, i);
            Published message = healthy.message();
            assertThat(message.payload()).startsWith("y");
            healthy.send(Packets.puback(message.id()));
        }
        assertThat(memory().waiting().used()).isLessThanOrEqualTo(SHARES.waiting() + 2 * LARGE);
    }

    @Test
    public void retained_messages_that_wait_weigh_as_others_do() throws IOException {
        RawClient stuck = hub.open(4 * 1024);
        stuck.connect(new Connect("stuck"));
        RawClient publisher = hub.client("publisher");
        for (int i = 1; i <= 200; i++) {
            publisher.publishSafely("r", i + "x".repeat(LARGE), true, i);
            stuck.send(Packets.subscribe(i, 1, "r"));
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().dropped(1) > 0);
        assertThat(memory().waiting().used()).isLessThan(4 * SHARES.session());
        stuck.close();
        untilZero(memory().waiting()::used);
    }

    @Test
    public void half_packets_are_kept_as_long_as_there_is_memory_for_them() throws IOException {
        byte[] half = Arrays.copyOf(Packets.publish("t", new byte[LARGE], 0, false, 0), 50_000);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(hub.client("c" + i));
            clients.get(i).send(half);
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() < 20);
        assertThat(memory().receiving().used()).isLessThanOrEqualTo(SHARES.transit());
        assertThat(hub.server().broker().counters().connections()).isPositive();
        for (RawClient client : clients) {
            client.close();
        }
        untilZero(memory().receiving()::used);
        assertThat(hub.client("after").subscribe(0, "t")).isZero();
    }

    @Test
    public void nothing_is_owed_when_all_has_passed() throws IOException {
        RawClient[] subscribers = {hub.client("a"), hub.client("b"), hub.client("c")};
        for (RawClient subscriber : subscribers) {
            subscriber.subscribe(1, "t");
        }
        RawClient publisher = hub.client("publisher");
        for (int i = 1; i <= 200; i++) {
            publisher.publishSafely("t", "x".repeat(1000), false, i);
            for (RawClient subscriber : subscribers) {
                subscriber.send(Packets.puback(subscriber.message().id()));
            }
        }
        untilZero(memory().waiting()::used);
        untilZero(memory().passing()::used);
        untilZero(memory().receiving()::used);
    }

    @Test
    public void no_packet_is_longer_than_what_a_session_may_keep() {
        MessageConfig longest = new MessageConfig(
                new MessageConfig.Length(new ByteSize(MessageConfig.LONGEST_PACKET)), null, null, null);
        assertThat(Limits.of(longest, 16 << 20).packet()).isEqualTo(16 << 20);
    }
}
