package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Publishers and a subscriber on both sides of a bridge: {@code up/N} goes to the far side, {@code down/N} to the near one. */
final class BridgeLoad implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int PUBLISHERS = 6;
    private static final int MESSAGES = 20;
    private static final int PACE_MILLIS = 2;

    private final SureSubscriber near;
    private final SureSubscriber far;
    private final List<SurePublisher> up = new ArrayList<>();
    private final List<SurePublisher> down = new ArrayList<>();

    /**
     * @param ordered whether the far broker keeps the order of messages over reconnects. mosquitto 2.0 does not: what comes in
     *     when a session is back may be sent before what waited. Nor does it look whether a packet id is still in use when all
     *     65,535 have had their turn, so that clients must not outrun it
     */
    BridgeLoad(int nearPort, int farPort, boolean ordered) {
        int pace = ordered ? 0 : PACE_MILLIS;
        near = new SureSubscriber("down/#", nearPort, ordered);
        far = new SureSubscriber("up/#", farPort, ordered);
        for (int i = 0; i < PUBLISHERS; i++) {
            up.add(new SurePublisher("up/" + i, 1 + i % 2, nearPort, () -> pace));
            down.add(new SurePublisher("down/" + i, 1 + i % 2, farPort, () -> pace));
        }
    }

    /** The bridge is there, its subscriptions too. */
    void start() {
        near.start();
        far.start();
        await("subscriptions").atMost(LIMIT).until(() -> near.subscribed() && far.subscribed());
        publishers().forEach(SureClient::start);
    }

    private Stream<SurePublisher> publishers() {
        return Stream.concat(up.stream(), down.stream());
    }

    private SureSubscriber hearer(SurePublisher publisher) {
        return up.contains(publisher) ? far : near;
    }

    /** On the other side more and more arrives. */
    void progress(Predicate<String> isFault) {
        publishers().forEach(publisher -> {
            long before = hearer(publisher).count(publisher.topic());
            await(publisher.topic() + " gets on").atMost(LIMIT).until(() -> {
                well(isFault);
                return hearer(publisher).count(publisher.topic()) >= before + MESSAGES;
            });
        });
    }

    private void well(Predicate<String> isFault) {
        assertThat(Stream.concat(near.faults().stream(), far.faults().stream()).filter(isFault))
                .isEmpty();
        assertThat(near.fault() + far.fault()).isEmpty();
        assertThat(publishers().map(SureClient::fault)).allMatch(String::isEmpty);
    }

    /**
     * All that was acknowledged arrives.
     *
     * @return how many these were
     */
    long finish(Predicate<String> isFault) throws InterruptedException {
        for (SurePublisher publisher : publishers().toList()) {
            publisher.finish(LIMIT.toMillis());
        }
        publishers()
                .forEach(publisher -> await("all of " + publisher.topic())
                        .atMost(LIMIT)
                        .untilAsserted(() -> assertThat(hearer(publisher).count(publisher.topic()))
                                .isEqualTo(publisher.safe())));
        well(isFault);
        return publishers().mapToLong(SurePublisher::safe).sum();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (SureClient client :
                Stream.concat(publishers(), Stream.of(near, far)).toList()) {
            client.close();
        }
    }
}
