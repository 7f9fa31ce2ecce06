package io.openedge.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ConfigException;
import io.openedge.module.ModuleInstance;
import java.time.Duration;
import org.junit.Test;

/** A timer publishes its message at each interval, and never more than that. */
public class TimerTest {
    private static final String HUB = "hub: {address: 'tcp://localhub:1883', username: test, clientid: timer-1}";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTime time = new FakeTime();
    private FakeWorld world = new FakeWorld();

    private ModuleInstance start(String... lines) throws ConfigException {
        world = new FakeWorld(lines);
        return TimerModule.start(world, time, time);
    }

    @Test
    public void publishesItsPayloadWithTheTimeAtEachInterval() throws Exception {
        start(HUB, "timer: {interval: 10s}", "publish: {topic: tick, payload: {id: 1, none: , list: [a, 0.5]}}");

        time.pass(Duration.ofSeconds(9));
        assertThat(world.hub.published).isEmpty();

        time.pass(Duration.ofSeconds(11));
        assertThat(world.hub.published)
                .containsExactly(
                        "tick/0 {\"id\":1,\"none\":null,\"list\":[\"a\",0.5],\"time\":1700000010}",
                        "tick/0 {\"id\":1,\"none\":null,\"list\":[\"a\",0.5],\"time\":1700000020}");
        assertThat(world.logged).isEmpty();
    }

    @Test
    public void withoutIntervalAndPayloadItSaysTheTimeEveryMinute() throws Exception {
        start(HUB, "publish: {topic: timer}");

        time.pass(Duration.ofSeconds(60));

        assertThat(world.hub.published).containsExactly("timer/0 {\"time\":1700000060}");
    }

    @Test
    public void theTimeOfThePayloadIsTheClocks() throws Exception {
        start(HUB, "publish: {topic: timer, payload: {time: noon}}");

        time.pass(Duration.ofMinutes(1));

        assertThat(world.hub.published).containsExactly("timer/0 {\"time\":1700000060}");
    }

    @Test
    public void aMessageOfQos1IsAwaitedBeforeTheNext() throws Exception {
        start(HUB, "timer: {interval: 1s}", "publish: {topic: timer, qos: 1}");
        world.hub.acknowledges = false;

        time.pass(SECOND.multipliedBy(5));
        assertThat(world.hub.published).containsExactly("timer/1 {\"time\":1700000001}");
        assertThat(world.logged)
                .containsExactly("WARN Messages on timer are left out: the hub has not acknowledged the one before");

        world.hub.acknowledge();
        time.pass(SECOND);
        assertThat(world.hub.published).hasSize(2).last().isEqualTo("timer/1 {\"time\":1700000006}");
    }

    @Test
    public void whileTheHubIsAwayNothingPilesUpAndItIsSaidOnce() throws Exception {
        start(HUB, "timer: {interval: 1s}", "publish: {topic: timer, qos: 1}");
        world.hub.up = false;
        time.pass(Duration.ofHours(1));
        assertThat(world.hub.published).isEmpty();

        world.hub.up = true;
        time.pass(SECOND.multipliedBy(2));

        assertThat(world.hub.published)
                .containsExactly("timer/1 {\"time\":1700003601}", "timer/1 {\"time\":1700003602}");
        assertThat(world.logged)
                .containsExactly(
                        "WARN Messages on timer are left out: no connection to the hub",
                        "INFO Messages on timer go out again");
    }

    @Test
    public void aMessageThatTheHubDoesNotTakeIsSaidAndTheNextIsTried() throws Exception {
        start(HUB, "timer: {interval: 1s}", "publish: {topic: timer}");
        world.hub.refuses = true;
        time.pass(SECOND.multipliedBy(3));
        world.hub.refuses = false;

        time.pass(SECOND);

        assertThat(world.hub.published).containsExactly("timer/0 {\"time\":1700000004}");
        assertThat(world.logged)
                .containsExactly(
                        "WARN Messages on timer are left out: Too many messages are on their way",
                        "INFO Messages on timer go out again");
    }

    @Test
    public void theSessionHasTheConfiguredClientIdOrTheInstances() throws Exception {
        start(HUB, "publish: {topic: timer}");
        assertThat(world.sessions).singleElement().satisfies(session -> {
            assertThat(session.clientId()).isEqualTo("timer-1");
            assertThat(session.subscriptions()).isEmpty();
        });

        start("hub: {address: 'tcp://localhub:1883'}", "publish: {topic: timer}");
        assertThat(world.sessions)
                .singleElement()
                .satisfies(session -> assertThat(session.clientId()).isEqualTo("timer-i1"));
    }

    @Test
    public void wrongValuesAreNamed() {
        refuses("publish", HUB);
        refuses("hub", "publish: {topic: timer}");
        refuses("publish.topic", HUB, "publish: {topic: 'a/#'}");
        refuses("publish.qos", HUB, "publish: {topic: a, qos: 3}");
        refuses("publish.payload", HUB, "publish: {topic: a, payload: text}");
        refuses("timer.interval", HUB, "publish: {topic: a}", "timer: {interval: -1s}");
    }

    private void refuses(String key, String... lines) {
        assertThatThrownBy(() -> start(lines))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
        assertThat(world.sessions).isEmpty();
    }

    @Test
    public void onItsOwnThreadItTicksUntilItIsClosed() throws Exception {
        world = new FakeWorld(HUB, "timer: {interval: 5ms}", "publish: {topic: timer}");
        ModuleInstance timer = new TimerModule().start(world);
        await().atMost(Duration.ofSeconds(10)).until(() -> world.hub.published.size() > 2);

        timer.close();

        assertThat(world.hub.closed).isTrue();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("timer.i1-timer")));
    }
}
