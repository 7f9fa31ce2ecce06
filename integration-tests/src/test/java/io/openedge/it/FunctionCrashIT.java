package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * A function manager, the worker of a function or the whole gateway is killed again and again while messages of QoS 1 go
 * through functions: each that the hub has acknowledged is answered, and per topic no answer comes before an earlier one.
 * Everything is a process of its own. The property {@code openedge.rounds} is the number of kills.
 */
public class FunctionCrashIT {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 3);
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int TOPICS = 4;
    private static final int MESSAGES = 10;
    private static final int LAST_MOMENT_MILLIS = 300;
    /** So many messages wait for their answers at most, or few come: else nobody could compute at the end what has gathered. */
    private static final long AHEAD = 1000;

    private static final int SLOW_MILLIS = 100;

    @Rule
    public final Gateway gateway = Gateway.of(Distribution.project().resolve("example/native"));

    private final long seed = Long.getLong("openedge.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<SurePublisher> publishers = new ArrayList<>();
    private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
    private SureSubscriber subscriber;

    private enum Victim {
        MANAGER,
        WORKER,
        GATEWAY
    }

    @Before
    public void configure() throws IOException {
        List<String> manager = new ArrayList<>();
        manager.add("hub: {address: 'tcp://localhub:" + gateway.port()
                + "', username: test, password: hahaha, interval: 1s}");
        manager.add("rules:");
        for (int i = 0; i < TOPICS; i++) {
            manager.add("- {clientid: rule-" + i + ", subscribe: {topic: in/" + i + ", qos: 1}, order: true,"
                    + " function: {name: python36-sayhi}, publish: {topic: out/" + i + ", qos: 1}, retry: {max: 100},"
                    + " deadletter: {topic: dead/" + i + ", qos: 1}}");
        }
        manager.add("functions:");
        manager.add(
                "- {name: python36-sayhi, service: function-sayhi36, instance: {min: 1, max: 1}, backoff: {max: 1s}}");
        Files.write(gateway.db("function-manager-conf/service.yml"), manager);
        Files.writeString(
                gateway.db("function-sayhi-code/index.py"), "def handler(event, context):\n    return event\n");
    }

    @After
    public void endClients() throws Exception {
        for (SurePublisher publisher : publishers) {
            publisher.close();
        }
        if (subscriber != null) {
            subscriber.close();
        }
    }

    @Test
    public void killsLeaveNoMessageWithoutAnAnswer() throws Exception {
        gateway.start().expect(0);
        subscriber = new SureSubscriber("out/#", gateway.port());
        subscriber.start();
        await("subscription").atMost(LIMIT).until(subscriber::subscribed);
        for (int i = 0; i < TOPICS; i++) {
            String answers = "out/" + i;
            AtomicLong sent = new AtomicLong();
            publishers.add(new SurePublisher(
                    "in/" + i,
                    1,
                    gateway.port(),
                    () -> sent.incrementAndGet() - subscriber.count(answers) > AHEAD ? SLOW_MILLIS : 0));
        }
        publishers.forEach(SureClient::start);
        for (int round = 0; round < ROUNDS; round++) {
            answersComeAgain();
            new CountDownLatch(1).await(random.nextInt(LAST_MOMENT_MILLIS), TimeUnit.MILLISECONDS);
            kill(Victim.values()[random.nextInt(Victim.values().length)]);
        }
        answersComeAgain();
        for (SurePublisher publisher : publishers) {
            publisher.finish(LIMIT.toMillis());
        }
        for (SurePublisher publisher : publishers) {
            await("all answers to " + publisher.topic())
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(answers(publisher)).isEqualTo(publisher.safe()));
        }
        well();
        long safe = publishers.stream().mapToLong(SurePublisher::safe).sum();
        Files.writeString(
                Path.of("target/function-crashes.txt"),
                ROUNDS + " kills " + kills + ", " + safe + " messages acknowledged: all answered, in order\n");
    }

    private long answers(SurePublisher publisher) {
        return subscriber.count(publisher.topic().replace("in/", "out/"));
    }

    /** On every topic, whatever has just been killed. */
    private void answersComeAgain() {
        for (SurePublisher publisher : publishers) {
            long before = answers(publisher);
            await("answers to " + publisher.topic() + ", seed " + seed)
                    .atMost(LIMIT)
                    .until(() -> {
                        well();
                        return answers(publisher) >= before + MESSAGES;
                    });
        }
    }

    private void kill(Victim victim) throws Exception {
        kills.merge(victim, 1, Integer::sum);
        switch (victim) {
            case MANAGER -> kill("function-manager");
            case WORKER -> kill("function-sayhi36.python36-sayhi.1");
            case GATEWAY -> {
                gateway.kill9();
                gateway.start().expect(0);
            }
        }
    }

    /** One that is being restarted already is left alone. */
    private void kill(String instance) throws Exception {
        Optional<Long> process = gateway.instance(instance)
                .map(found -> found.at("/process/id").asLong())
                .filter(id -> id > 0);
        process.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void well() {
        assertThat(subscriber.faults()).as("seed %s", seed).isEmpty();
        assertThat(subscriber.fault()).isEmpty();
        for (SurePublisher publisher : publishers) {
            assertThat(publisher.fault()).isEmpty();
        }
    }
}
