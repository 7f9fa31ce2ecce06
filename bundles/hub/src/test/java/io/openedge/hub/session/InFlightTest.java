package io.openedge.hub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.store.MemoryBudget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** Packet ids. */
public class InFlightTest {
    private static final Topic TOPIC = Topic.parse("t", TopicLimits.DEFAULT).orElseThrow();

    private static Delivery delivery() {
        return new Delivery(new Message(TOPIC, new byte[0], 1), 1, false, 0);
    }

    @Test
    public void all_ids_can_be_in_use_at_once_and_none_twice() {
        InFlight inFlight = new InFlight(65_535, 1 << 20, new MemoryBudget(1 << 20));
        Set<Integer> ids = new HashSet<>();
        while (inFlight.room()) {
            ids.add(inFlight.add(delivery()));
        }
        assertThat(ids).hasSize(65_535).doesNotContain(0).allMatch(id -> id <= 65_535);
        assertThat(inFlight.acknowledge(4711)).isNotNull();
        assertThat(inFlight.add(delivery())).isEqualTo(4711);
        assertThat(inFlight.room()).isFalse();
    }

    @Test
    public void an_id_that_is_not_in_flight_acknowledges_nothing() {
        InFlight inFlight = new InFlight(10, 1 << 20, new MemoryBudget(1 << 20));
        int id = inFlight.add(delivery());
        assertThat(inFlight.acknowledge(id)).isNotNull();
        assertThat(inFlight.acknowledge(id)).isNull();
        assertThat(inFlight.acknowledge(0)).isNull();
        assertThat(inFlight.acknowledge(65_535)).isNull();
        assertThat(inFlight.count()).isZero();
    }

    @Test
    public void the_order_is_that_of_sending_whatever_the_ids_are() {
        InFlight inFlight = new InFlight(3, 1 << 20, new MemoryBudget(1 << 20));
        List<Delivery> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sent.add(delivery());
            inFlight.add(sent.get(i));
        }
        inFlight.acknowledge(1);
        Delivery last = delivery();
        assertThat(inFlight.add(last)).isEqualTo(1);
        List<Delivery> order = new ArrayList<>();
        inFlight.forEach((delivery, id) -> order.add(delivery));
        assertThat(order).containsExactly(sent.get(1), sent.get(2), last);
    }

    @Test
    public void a_message_of_qos_2_gives_its_memory_back_when_it_is_received_and_its_id_when_it_is_complete() {
        MemoryBudget memory = new MemoryBudget(1 << 20);
        InFlight inFlight = new InFlight(2, 1 << 20, memory);
        Delivery delivery = new Delivery(new Message(TOPIC, new byte[0], 2), 2, false, 0);
        delivery.weight = 100;
        memory.owe(100);
        int id = inFlight.add(delivery);
        assertThat(inFlight.acknowledge(id)).isNull();
        assertThat(inFlight.complete(id)).isFalse();
        assertThat(memory.used()).isEqualTo(100);
        assertThat(inFlight.received(id)).isNotNull();
        assertThat(inFlight.received(id)).isNotNull();
        assertThat(memory.used()).isZero();
        assertThat(inFlight.count()).isEqualTo(1);
        assertThat(inFlight.complete(id)).isTrue();
        assertThat(inFlight.complete(id)).isFalse();
        assertThat(inFlight.count()).isZero();
    }
}
