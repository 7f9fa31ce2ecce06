package io.openedge.agent;

import static io.openedge.agent.CloudWorld.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;

/** Events that come again, all at once, or with a clock that is wrong. */
public class ManyEventsTest {
    @Rule
    public final CloudWorld world = new CloudWorld();

    @Test
    public void theSameEventTwiceIsOnce() throws Exception {
        world.start();
        String event = world.event("v2");
        world.publish(event);
        world.awaitVersion("v2");

        world.publish(event);
        world.publish(world.event("v3"));
        world.awaitVersion("v3");

        assertThat(world.gateway.updates).containsExactly("var/db/openedge/app/v2", "var/db/openedge/app/v3");
    }

    @Test
    public void anOldEventThatIsReplayedChangesNothing() throws Exception {
        world.start();
        String old = world.event("v2");
        world.publish(old);
        world.awaitVersion("v2");
        world.publish(world.event("v3"));
        world.awaitVersion("v3");
        world.stop();

        world.start();
        world.publish(old);
        world.publish("{}");

        world.awaitReport(report -> report.contains("the event's event is missing"));
        assertThat(world.gateway.version()).isEqualTo("v3");
        assertThat(world.gateway.updates).hasSize(2);
    }

    @Test
    public void aThousandEventsAtOnceEndInTheLast() throws Exception {
        world.start();
        world.awaitReport(report -> report.contains("\"conf_version\":\"v1\""));
        world.stop();
        String meta = world.offer("/app.zip", application("v2"));
        IntStream.range(0, 999)
                .parallel()
                .forEach(i ->
                        world.publish(CloudWorld.eventAt("t" + i, "v2", meta).replace("app/v2", "app/" + i)));
        world.publish(world.event("last"));

        world.start();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> world.gateway.version().equals("last"));
        world.awaitVersion("last");
        assertThat(world.gateway.updates.size()).isLessThan(100);
        assertThat(Files.size(world.volumes().resolve(".agent.json"))).isLessThan(200_000);
    }

    @Test
    public void clocksDoNotMatterIn2038AndIn1970() throws Exception {
        world.start();
        world.publish(CloudWorld.eventAt("2038-01-19T03:14:08Z", "v2", world.offer("/2.zip", application("v2"))));
        world.awaitVersion("v2");

        world.publish(CloudWorld.eventAt("1970-01-01T00:00:00Z", "v3", world.offer("/3.zip", application("v3"))));
        world.awaitVersion("v3");
    }
}
