package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.config.ConfigReader;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** The principals of service.yml change while clients are connected. */
public class ChangedPrincipalsTest {
    private static final String TEST =
            "  - {username: test, password: hahaha, permissions: [{action: pub, permit: ['#']}, {action: sub, permit: ['#']}]}\n";

    @Rule
    public final HubFixture hub = new HubFixture();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicInteger reads = new AtomicInteger();
    private Path file;

    @Before
    public void watches() throws Exception {
        file = folder.getRoot().toPath().resolve("service.yml");
        write("pass", "a/#, b/#", "in/#");
        ConfigWatch watch = new ConfigWatch(file, this::read, LoggerFactory.getLogger("hub-test"));
        hub.server().watch(watch, HubFixture.config(), Duration.ofMillis(20));
        change("pass", "a/#, b/#, c/#", "in/#");
    }

    private HubConfig read() throws io.openedge.app.ConfigException {
        try {
            return ConfigReader.read(file, HubConfig.class, warning -> {});
        } finally {
            reads.incrementAndGet();
        }
    }

    private void write(String password, String sub, String pub) throws IOException {
        Files.writeString(
                file,
                "listen: ['tcp://127.0.0.1:0']\nprincipals:\n" + TEST + "  - {username: few, password: " + password
                        + ", permissions: [{action: sub, permit: [" + sub + "]}, {action: pub, permit: [" + pub
                        + "]}]}\n");
    }

    private void change(String password, String sub, String pub) throws IOException {
        int before = reads.get();
        write(password, sub, pub);
        await().until(() -> reads.get() > before);
    }

    private RawClient few(String id) throws IOException {
        return hub.client(new Connect(id).user("few", "pass"));
    }

    private long dropped() {
        return hub.server().broker().counters().dropped(1);
    }

    @Test
    public void a_withdrawn_subscription_ends_and_another_stays() throws IOException {
        RawClient client = few("c");
        assertThat(client.subscribe(0, "a/x")).isZero();
        assertThat(client.subscribe(0, "b/x")).isZero();
        change("pass", "b/#", "in/#");
        await().until(() -> client.subscribe(0, "a/y") == 0x80);
        RawClient publisher = hub.client("publisher");
        publisher.publishSafely("a/x", "secret", false, 1);
        publisher.publishSafely("b/x", "allowed", false, 2);
        assertThat(client.message().payload()).isEqualTo("allowed");
        client.expectNothing();
    }

    @Test
    public void what_waits_for_an_absent_client_is_dropped_and_counted() throws IOException {
        RawClient client = hub.client(new Connect("c").user("few", "pass").persistent());
        assertThat(client.subscribe(1, "a/x")).isEqualTo(1);
        assertThat(client.subscribe(1, "b/x")).isEqualTo(1);
        client.send(Packets.DISCONNECT);
        client.expectClosed();
        RawClient publisher = hub.client("publisher");
        publisher.publishSafely("a/x", "secret", false, 1);
        publisher.publishSafely("b/x", "allowed", false, 2);
        change("pass", "b/#", "in/#");
        RawClient other = few("other");
        await().until(() -> other.subscribe(0, "a/y") == 0x80);
        publisher.publishSafely("a/x", "secret too", false, 3);
        RawClient again = hub.client(new Connect("c").user("few", "pass").persistent());
        assertThat(again.message().payload()).isEqualTo("allowed");
        again.expectNothing();
        await().until(() -> dropped() == 1);
    }

    @Test
    public void what_was_sent_and_not_acknowledged_is_not_sent_again() throws IOException {
        RawClient client = hub.client(new Connect("c").user("few", "pass").persistent());
        assertThat(client.subscribe(1, "a/x")).isEqualTo(1);
        hub.client("publisher").publishSafely("a/x", "secret", false, 1);
        client.message();
        change("pass", "b/#", "in/#");
        await().until(() -> client.subscribe(0, "a/y") == 0x80);
        hub.client(new Connect("c").user("few", "pass").persistent()).expectNothing();
        await().until(() -> dropped() == 1);
    }

    @Test
    public void an_id_of_qos_2_is_released_before_it_stands_for_another_message() throws IOException {
        RawClient client = hub.client(new Connect("c").user("few", "pass").persistent());
        assertThat(client.subscribe(2, "a/x")).isEqualTo(2);
        assertThat(client.subscribe(2, "b/x")).isEqualTo(2);
        RawClient publisher = hub.client("publisher");
        publisher.publishOnce("a/x", "secret", false, 1);
        int id = client.message().id();
        change("pass", "b/#", "in/#");
        await().until(() -> client.subscribe(0, "a/y") == 0x80);
        client.close();
        RawClient again = hub.client(new Connect("c").user("few", "pass").persistent());
        again.expect(RawClient.PUBREL, id);
        publisher.publishOnce("b/x", "allowed", false, 2);
        Published next = again.message();
        assertThat(next.payload()).isEqualTo("allowed");
        assertThat(next.id()).isNotEqualTo(id);
        again.send(Packets.pubcomp(id));
        again.take(next);
        hub.restart();
        hub.client(new Connect("c").user("few", "pass").persistent()).expectNothing();
    }

    @Test
    public void a_withdrawn_right_to_publish_ends_with_the_next_message() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(0, "in/#");
        RawClient client = few("c");
        client.publish("in/x", "allowed");
        assertThat(watcher.message().payload()).isEqualTo("allowed");
        change("pass", "b/#", "out/#");
        await().until(() -> client.subscribe(0, "a/y") == 0x80);
        client.publish("in/x", "forbidden");
        client.expectClosed();
        watcher.expectNothing();
    }

    @Test
    public void who_has_another_password_or_is_gone_is_disconnected() throws IOException {
        RawClient client = few("c");
        change("other", "a/#", "in/#");
        client.expectClosed();
        assertThat(hub.open().connect(new Connect("c").user("few", "pass")).body()[1])
                .isEqualTo((byte) 4);
        RawClient renewed = hub.client(new Connect("c").user("few", "other"));
        int before = reads.get();
        Files.writeString(file, "listen: ['tcp://127.0.0.1:0']\nprincipals:\n" + TEST);
        await().until(() -> reads.get() > before);
        renewed.expectClosed();
        hub.client("still-served").expectNothing();
    }

    @Test
    public void a_broken_file_changes_nothing_and_is_read_once() throws IOException {
        RawClient client = few("c");
        int before = reads.get();
        Files.writeString(file, "principals: [{username: ");
        await().until(() -> reads.get() > before);
        await().during(Duration.ofMillis(200)).until(() -> reads.get() == before + 1);
        client.expectNothing();
        few("d").expectNothing();
        change("other", "a/#", "in/#");
        client.expectClosed();
    }

    @Test
    public void an_empty_file_takes_nobodys_rights() throws IOException {
        RawClient client = hub.client(new Connect("c").user("few", "pass").persistent());
        assertThat(client.subscribe(1, "a/x")).isEqualTo(1);
        int before = reads.get();
        Files.writeString(file, "");
        await().until(() -> reads.get() > before);
        hub.client("publisher").publishSafely("a/x", "still allowed", false, 1);
        assertThat(client.message().payload()).isEqualTo("still allowed");
        few("d").expectNothing();
    }

    /** A slip of the pen in the file costs a persistent session nothing but the time until it is mended. */
    @Test
    public void a_subscription_of_a_persistent_session_comes_back_with_the_right() throws IOException {
        RawClient client = hub.client(new Connect("c").user("few", "pass").persistent());
        assertThat(client.subscribe(1, "a/x")).isEqualTo(1);
        change("pass", "b/#", "in/#");
        await().until(() -> client.subscribe(0, "a/y") == 0x80);
        RawClient publisher = hub.client("publisher");
        publisher.publishSafely("a/x", "not for it", false, 1);
        change("pass", "a/+", "in/#");
        await().until(() -> client.subscribe(0, "a/y") == 0);
        publisher.publishSafely("a/x", "for it again", false, 2);
        assertThat(client.message().payload()).isEqualTo("for it again");
    }
}
