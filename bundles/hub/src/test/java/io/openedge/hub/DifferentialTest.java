package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Random things that clients may do, done to the hub and to mosquitto: the clients see the same after each. Not done,
 * since the hub is meant to differ: publishing to topics that begin with a dollar sign, and taking over a client that has
 * a will, which the hub publishes [MQTT-3.1.2-8]. The property {@code openedge.rounds} multiplies the number of sequences, {@code openedge.seed} is where they begin.
 */
public class DifferentialTest {
    private static final int SEQUENCES = 10 * Integer.getInteger("openedge.rounds", 1);
    private static final int ACTS = 60;
    private static final int CLIENTS = 4;
    private static final long PATIENCE = 5_000_000_000L;
    private static final List<String> TOPICS = List.of("a", "a/b", "a/b/c", "b", "b/c", "a/", "/a", "a//b", "\u00fc");
    private static final List<String> FILTERS =
            List.of("a", "a/b", "a/+", "+/b", "#", "a/#", "+", "+/+", "a/b/c/#", "a/+/b", "/+", "b/c", "\u00fc");

    @Rule
    public final HubFixture hub = new HubFixture();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> script = new ArrayList<>();
    private final Set<String> willing = new HashSet<>();
    private int number;

    @Test
    public void clients_see_the_same_as_with_mosquitto() throws IOException {
        assumeThat(Mosquitto.program()).as("mosquitto is installed").isPresent();
        int first = Integer.getInteger("openedge.seed", 1);
        try (Mosquitto mosquitto = new Mosquitto(folder.getRoot().toPath())) {
            for (int seed = first; seed < first + SEQUENCES; seed++) {
                script.clear();
                try (Play ours = new Play(hub.address(0));
                        Play theirs = new Play(mosquitto.address())) {
                    sequence(seed, ours, theirs);
                }
            }
        }
    }

    private void sequence(int seed, Play ours, Play theirs) throws IOException {
        Random random = new Random(seed);
        String prefix = "s" + seed;
        for (int i = 0; i < ACTS; i++) {
            String id = prefix + "c" + random.nextInt(CLIENTS);
            Play.Act act = ours.connected(id) ? act(random, prefix, id) : connect(random, prefix, id);
            act.on(theirs);
            theirs.look();
            act.on(ours);
            same(seed, ours, theirs);
        }
        for (int i = 0; i < CLIENTS; i++) {
            String id = prefix + "c" + i;
            ours.connect(id, new Connect(id), 4);
            theirs.connect(id, new Connect(id), 4);
        }
    }

    /** What is stored comes when it is stored, and a will when its client is missed. */
    private void same(int seed, Play ours, Play theirs) throws IOException {
        long limit = System.nanoTime() + PATIENCE;
        do {
            ours.look();
            theirs.look();
        } while (!ours.seen().equals(theirs.seen()) && System.nanoTime() < limit);
        assertThat(ours.seen())
                .as("seed %d, hub against mosquitto after%n%s", seed, String.join("\n", script))
                .isEqualTo(theirs.seen());
        ours.forget();
        theirs.forget();
    }

    private Play.Act say(String text, Play.Act act) {
        script.add(text);
        return act;
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Play.Act connect(Random random, String prefix, String id) {
        int version = random.nextInt(5) == 0 ? 3 : 4;
        Connect connect = new Connect(id).version(version);
        String text = id + " connects with version " + version;
        willing.remove(id);
        if (random.nextInt(3) > 0) {
            connect.persistent();
            text += ", persistent";
        }
        if (random.nextInt(3) == 0) {
            String topic = prefix + "/" + one(random, TOPICS);
            int qos = random.nextInt(3);
            boolean retain = random.nextBoolean();
            willing.add(id);
            connect.will(topic, "will " + number++, qos, retain);
            text += ", will " + topic + " qos " + qos + " retain " + retain;
        }
        return say(text, play -> play.connect(id, connect, version));
    }

    private Play.Act act(Random random, String prefix, String id) {
        int packetId = 1 + number++ % 60_000;
        String filter = prefix + "/" + one(random, FILTERS);
        return switch (random.nextInt(20)) {
            case 0 -> say(id + " disconnects", play -> play.disconnect(id));
            case 1 -> say(id + " goes", play -> play.drop(id));
            case 2 -> willing.contains(id) ? say(id + " goes", play -> play.drop(id)) : connect(random, prefix, id);
            case 3 -> say(id + " is deaf", play -> play.deafen(id));
            case 4, 5, 6, 7, 8 -> {
                int qos = random.nextInt(3);
                yield say(
                        id + " subscribes to " + filter + " qos " + qos,
                        play -> play.send(id, Packets.subscribe(packetId, qos, filter)));
            }
            case 9 ->
                say(id + " unsubscribes from " + filter, play -> play.send(id, Packets.unsubscribe(packetId, filter)));
            default -> publish(random, prefix, id, packetId);
        };
    }

    private Play.Act publish(Random random, String prefix, String id, int packetId) {
        String topic = prefix + "/" + one(random, TOPICS);
        String payload = random.nextInt(8) == 0 ? "" : "message " + packetId;
        int qos = random.nextInt(3);
        boolean retain = random.nextInt(3) == 0;
        byte[] packet = Packets.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain, packetId);
        return say(
                id + " publishes to " + topic + " '" + payload + "' qos " + qos + " retain " + retain,
                play -> play.send(id, packet));
    }
}
