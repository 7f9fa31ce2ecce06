package io.openedge.cli;

import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Prints the payload of each message on a line of its own, until enough came or the time is over. The first connection is
 * tried once; one that was up and is lost is made again. */
final class SubVerb implements Verb {
    /** The time of -W is over; mosquitto's number. */
    static final int TIMED_OUT = 27;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(60);
    private static final int FOREVER = Integer.MAX_VALUE;

    @Override
    public List<Option> options() {
        return MqttOptions.with(
                new Option("-t", "FILTER", "topics to listen to; may be given again"),
                new Option("-C", "COUNT", "end after so many messages"),
                new Option("-W", "SECONDS", "end after this time, with exit code " + TIMED_OUT),
                new Option("-v", "", "print the topic before the payload"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        arguments.refuseOperands();
        int count = arguments.number("-C", FOREVER, 1, FOREVER);
        Duration limit = Duration.ofSeconds(arguments.number("-W", FOREVER, 1, FOREVER));
        CompletableFuture<Void> enough = new CompletableFuture<>();
        long end = System.nanoTime() + limit.toNanos();
        try (MqttSession session = new MqttSession(
                MqttOptions.config(arguments, "sub", subscriptions(arguments)),
                true,
                sentence -> {
                    if (arguments.has("-d")) {
                        console.complain(sentence);
                    }
                },
                printer(console.out(), arguments.has("-v"), count, enough))) {
            Duration patience = limit.compareTo(CONNECT_LIMIT) < 0 ? limit : CONNECT_LIMIT;
            if (!session.connects(patience)) {
                console.complain("no answer of the broker within " + patience.toSeconds() + " s");
                return patience.equals(limit) ? TIMED_OUT : FAILED;
            }
            boolean done = session.happens(enough, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            return done ? OK : TIMED_OUT;
        }
    }

    private static List<MqttSubscription> subscriptions(Arguments arguments) throws UsageException {
        List<MqttSubscription> subscriptions = new ArrayList<>();
        int qos = MqttOptions.qos(arguments);
        for (String filter : arguments.values("-t")) {
            subscriptions.add(new MqttSubscription(filter, qos));
        }
        if (subscriptions.isEmpty()) {
            throw new UsageException("-t FILTER is needed");
        }
        return subscriptions;
    }

    /** Also enough when nobody reads what is printed. */
    static Consumer<MqttMessage> printer(PrintStream out, boolean topics, int count, CompletableFuture<Void> enough) {
        AtomicInteger left = new AtomicInteger(count);
        return message -> {
            if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
                return;
            }
            byte[] topic = topics ? (message.topic() + " ").getBytes(StandardCharsets.UTF_8) : new byte[0];
            out.write(topic, 0, topic.length);
            out.write(message.payload(), 0, message.payload().length);
            out.write('\n');
            if (out.checkError() || left.get() == 0) {
                enough.complete(null);
            }
        };
    }
}
