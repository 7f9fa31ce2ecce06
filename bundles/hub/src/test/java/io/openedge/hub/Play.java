package io.openedge.hub;

import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Packet;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Some clients at one broker, and what they see. */
final class Play implements AutoCloseable {
    private final InetSocketAddress broker;
    private final Map<String, RawClient> clients = new TreeMap<>();
    private final Set<String> deaf = new HashSet<>();
    private final Map<String, List<String>> seen = new TreeMap<>();
    private boolean more;

    /** One thing that one client does. */
    interface Act {
        void on(Play play) throws IOException;
    }

    Play(InetSocketAddress broker) {
        this.broker = broker;
    }

    boolean connected(String id) {
        return clients.containsKey(id);
    }

    /** Whether a session is present is said since version 4 only. */
    void connect(String id, Connect connect, int version) throws IOException {
        RawClient before = clients.remove(id);
        RawClient client = new RawClient(broker);
        Packet answer = client.connect(connect);
        see(id, "CONNACK " + (version < 4 ? "" : answer.body()[0] + " ") + answer.body()[1]);
        clients.put(id, client);
        deaf.remove(id);
        if (before != null) {
            before.readToEnd();
            before.close();
        }
    }

    void disconnect(String id) throws IOException {
        RawClient client = clients.remove(id);
        client.send(Packets.DISCONNECT);
        client.readToEnd();
        client.close();
    }

    /** Goes without a word. */
    void drop(String id) throws IOException {
        clients.remove(id).close();
    }

    /** Acknowledges nothing until it connects again. */
    void deafen(String id) {
        deaf.add(id);
    }

    void send(String id, byte[] packet) throws IOException {
        clients.get(id).send(packet);
    }

    /** Takes what is there for each client. */
    void look() throws IOException {
        do {
            more = false;
            for (Map.Entry<String, RawClient> client : clients.entrySet()) {
                client.getValue().send(Packets.PINGREQ);
                for (Packet packet = client.getValue().read();
                        packet.type() != 13;
                        packet = client.getValue().read()) {
                    take(client.getKey(), client.getValue(), packet);
                }
            }
        } while (more);
    }

    private void take(String id, RawClient client, Packet packet) throws IOException {
        more = true;
        int packetId = packet.type() == 3 ? 0 : (packet.body()[0] & 0xff) << 8 | packet.body()[1] & 0xff;
        switch (packet.type()) {
            case 3 -> message(id, client, Published.of(packet));
            case RawClient.PUBREC -> client.send(Packets.pubrel(packetId));
            case RawClient.PUBREL -> client.send(Packets.pubcomp(packetId));
            default -> {
                StringBuilder text = new StringBuilder("packet " + packet.head() + " id " + packetId);
                for (int i = 2; i < packet.body().length; i++) {
                    text.append(' ').append(packet.body()[i] & 0xff);
                }
                see(id, text.toString());
            }
        }
    }

    private void message(String id, RawClient client, Published message) throws IOException {
        see(
                id,
                "message " + message.topic() + " '" + message.payload() + "' retain " + message.retain() + " qos "
                        + message.qos());
        if (message.qos() > 0 && !deaf.contains(id)) {
            client.send(message.qos() == 1 ? Packets.puback(message.id()) : Packets.pubrec(message.id()));
        }
    }

    private void see(String id, String event) {
        seen.computeIfAbsent(id, any -> new ArrayList<>()).add(event);
    }

    /**
     * What each client has seen, sorted: retained messages come in any order. Of copies of one message, for subscriptions
     * that overlap, one with the highest QoS counts: mosquitto sends one for each, the hub one (both may, [MQTT-3.3.5-1]).
     */
    Map<String, List<String>> seen() {
        Map<String, List<String>> all = new HashMap<>();
        seen.forEach((id, events) -> {
            Map<String, String> best = new TreeMap<>();
            for (String event : events) {
                best.merge(
                        event.replaceAll(" qos .$", ""), event, (one, other) -> one.compareTo(other) > 0 ? one : other);
            }
            all.put(id, List.copyOf(best.values()));
        });
        return all;
    }

    void forget() {
        seen.clear();
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients.values()) {
            client.close();
        }
    }
}
