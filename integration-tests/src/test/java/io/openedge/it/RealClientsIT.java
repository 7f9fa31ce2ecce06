package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.it.RealClient.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The hub of a gateway with mosquitto's clients, HiveMQ's, and Paho's in Java and Python, with QoS 1 and 2. */
public class RealClientsIT {
    private static final List<Integer> LEVELS = List.of(1, 2);

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    private final List<Subscriber> subscribers = new ArrayList<>();

    @Before
    public void theGatewayRuns() throws Exception {
        gateway.start().expect(0);
    }

    @After
    public void allGo() throws Exception {
        for (Subscriber subscriber : subscribers) {
            subscriber.close();
        }
    }

    private Subscriber subscribe(RealClient client, int port, String name, boolean clean, String filter, int qos)
            throws Exception {
        Subscriber subscriber = client.subscribe(port, client.title() + "-" + name, clean, filter, qos);
        subscribers.add(subscriber);
        return subscriber;
    }

    private void publish(RealClient client, String topic, int qos, boolean retain) throws Exception {
        client.publish(gateway.port(), client.title() + "-pub", topic, qos, retain, client.title());
    }

    /** One line of each client, and nothing else. */
    private static void gets(Subscriber subscriber, String start) {
        String[] expected = new String[RealClient.values().length];
        for (RealClient client : RealClient.values()) {
            expected[client.ordinal()] = start + client.title() + " " + client.title();
        }
        await("lines of all clients")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(subscriber.lines()).contains(expected));
        assertThat(subscriber.lines()).containsExactlyInAnyOrder(expected);
    }

    @Test
    public void whatEachPublishesReachesEachOnce() throws Exception {
        for (int qos : LEVELS) {
            List<Subscriber> all = new ArrayList<>();
            for (RealClient client : RealClient.values()) {
                all.add(subscribe(client, gateway.port(), "sub" + qos, true, "live" + qos + "/+", qos));
            }
            for (RealClient client : RealClient.values()) {
                publish(client, "live" + qos + "/" + client.title(), qos, false);
            }
            all.forEach(subscriber -> gets(subscriber, qos + " 0 live" + qos + "/"));
        }
    }

    @Test
    public void whatEachRetainsIsThereForEachThatComesLater() throws Exception {
        for (int qos : LEVELS) {
            for (RealClient client : RealClient.values()) {
                publish(client, "kept" + qos + "/" + client.title(), qos, true);
            }
            for (RealClient client : RealClient.values()) {
                gets(
                        subscribe(client, gateway.port(), "late" + qos, true, "kept" + qos + "/+", qos),
                        qos + " 1 kept" + qos + "/");
            }
        }
    }

    @Test
    public void theWillsOfThoseThatAreCutOffReachEach() throws Exception {
        for (int qos : LEVELS) {
            List<Subscriber> witnesses = new ArrayList<>();
            for (RealClient client : RealClient.values()) {
                witnesses.add(subscribe(client, gateway.port(), "witness" + qos, true, "will/+", qos));
            }
            List<String> wills = new ArrayList<>();
            try (CutWire wire = new CutWire(gateway.port())) {
                for (RealClient client : RealClient.values()) {
                    subscribe(client, wire.port(), "mortal" + qos, true, "nothing", qos);
                    String id = client.title() + "-mortal" + qos;
                    wills.add(qos + " 0 will/" + id + " " + id);
                }
            }
            for (Subscriber witness : witnesses) {
                await("wills")
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(witness.lines()).containsExactlyInAnyOrderElementsOf(wills));
            }
            for (Subscriber witness : witnesses) {
                witness.close(); // its own will is none of the next round
            }
        }
    }

    @Test
    public void whatCameWhileTheyWereAwayWaitsForThem() throws Exception {
        for (int qos : LEVELS) {
            String filter = "away" + qos + "/+";
            Map<RealClient, Subscriber> before = new HashMap<>();
            try (CutWire wire = new CutWire(gateway.port())) {
                for (RealClient client : RealClient.values()) {
                    before.put(client, subscribe(client, wire.port(), "away" + qos, false, filter, qos));
                }
            }
            for (RealClient client : RealClient.values()) {
                publish(client, "away" + qos + "/" + client.title(), qos, false);
            }
            for (RealClient client : RealClient.values()) {
                before.get(client).close();
                gets(subscribe(client, gateway.port(), "away" + qos, false, filter, qos), qos + " 0 away" + qos + "/");
            }
        }
    }
}
