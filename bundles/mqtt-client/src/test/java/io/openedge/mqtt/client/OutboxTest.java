package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Test;

/** How much a client takes before it says no. */
public class OutboxTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Outbox outbox = new Outbox(tasks::add, new OutboxLimits(), 3, Duration.ofSeconds(5));

    @Test
    public void withoutAConnectionAFewMessagesWaitAndTheRestIsRefused() {
        List<CompletionStage<Void>> offered = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            offered.add(outbox.publish(message("t", "m" + i, 1)));
        }
        runTasks();

        assertThat(offered.subList(0, 3)).noneMatch(OutboxTest::isDone);
        assertThat(offered.subList(3, 5)).allMatch(OutboxTest::hasFailed);
        assertThat(outbox.publish(message("t", "qos 0", 0))).matches(OutboxTest::hasFailed);
    }

    @Test
    public void aStormIsBoundedBeforeTheConnectionsThreadSeesIt() {
        for (int i = 0; i < OutboxLimits.KEPT; i++) {
            assertThat(isDone(outbox.publish(message("t", "x", 1)))).isFalse();
        }
        assertThat(outbox.publish(message("t", "x", 1))).matches(OutboxTest::hasFailed);

        runTasks();
        assertThat(isDone(outbox.publish(message("t", "there is room again", 1))))
                .isFalse();
    }

    @Test
    public void largeMessagesAreBoundedByTheirSizeButOneAlwaysGoes() {
        MqttMessage large = new MqttMessage("t", new byte[(int) OutboxLimits.BYTES + 1], 1, false);

        assertThat(isDone(outbox.publish(large))).isFalse();
        assertThat(outbox.publish(message("t", "small", 1))).matches(OutboxTest::hasFailed);
    }

    @Test
    public void whatIsOfferedAroundTheEndFailsAndIsNotForgotten() {
        CompletionStage<Void> before = outbox.publish(message("t", "before", 1));
        outbox.close();
        assertThat(before).matches(OutboxTest::hasFailed);
        assertThat(outbox.publish(message("t", "after", 1))).matches(OutboxTest::hasFailed);

        Outbox orphan = new Outbox(
                task -> {
                    throw new RejectedExecutionException("the thread has ended");
                },
                new OutboxLimits(),
                3,
                Duration.ofSeconds(5));
        assertThat(orphan.publish(message("t", "too late", 1))).matches(OutboxTest::hasFailed);
    }

    @Test
    public void theReasonIsAnMqttException() {
        outbox.close();

        assertThatThrownBy(() -> outbox.publish(message("t", "x", 1))
                        .toCompletableFuture()
                        .join())
                .hasCauseInstanceOf(MqttException.class);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    private static boolean hasFailed(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isCompletedExceptionally();
    }
}
