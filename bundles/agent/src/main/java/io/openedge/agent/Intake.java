package io.openedge.agent;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;

/**
 * Takes events from the cloud: each is acknowledged when it is on disk, or refused. Of many that wait, all are taken with
 * one write.
 *
 * <p>Thread rule: hears on the connection's thread, works on its own, {@link #run}.
 */
final class Intake implements MqttHandler, Runnable {
    private static final int MOST_WAITING = 10_000;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final BlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Memory memory;
    private final Runnable news;
    private final Logger log;

    /** @param news called when there is something to report */
    Intake(Memory memory, Runnable news, Logger log) {
        this.memory = memory;
        this.news = news;
        this.log = log;
    }

    @Override
    public void onMessage(Delivery delivery) {
        if (!waiting.offer(delivery)) {
            log.warn("too many events at once: one is left to the cloud, which sends it again");
        }
    }

    @Override
    public void onConnected() {
        news.run();
    }

    @Override
    public void run() {
        try {
            while (true) {
                List<Delivery> batch = new ArrayList<>(List.of(waiting.take()));
                waiting.drainTo(batch);
                take(batch);
                batch.forEach(Delivery::acknowledge);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(List<Delivery> batch) throws InterruptedException {
        List<UpdateEvent> events = new ArrayList<>();
        String refused = "";
        for (Delivery delivery : batch) {
            try {
                UpdateEvent event = UpdateEvent.parse(delivery.message().payload());
                log.info("the cloud wants version {}", event.version());
                events.add(event);
            } catch (RefusedException e) {
                log.warn("an event is refused: {}", e.getMessage());
                refused = String.valueOf(e.getMessage());
            }
        }
        store(events, refused);
    }

    /** Until the disk takes it nothing is acknowledged. */
    private void store(List<UpdateEvent> events, String refused) throws InterruptedException {
        while (true) {
            try {
                memory.take(events);
                if (!refused.isEmpty()) {
                    memory.refused(refused);
                    news.run();
                }
                return;
            } catch (IOException e) {
                log.warn("events cannot be stored, so they are not acknowledged yet: {}", e.getMessage());
                memory.pause(RETRY);
            }
        }
    }
}
