package io.openedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.Test;

/** Packed references behave as a sorted set of numbers. */
public class RefsTest {
    private static List<Long> all(Refs refs) {
        List<Long> all = new ArrayList<>();
        refs.forEach(all::add);
        return all;
    }

    @Test
    public void adding_removing_and_looking_are_those_of_a_sorted_set() {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            Refs refs = new Refs();
            TreeSet<Long> model = new TreeSet<>();
            long last = 0;
            for (int i = 0; i < 2_000; i++) {
                if (random.nextInt(3) > 0 || model.isEmpty()) {
                    last += random.nextInt(20) == 0 ? 1L << 33 : 1 + random.nextInt(300);
                    refs.add(last);
                    model.add(last);
                } else {
                    long from = random.nextLong(last + 1);
                    Long known = model.ceiling(from);
                    long victim = known == null || random.nextInt(8) == 0 ? from : known;
                    assertThat(refs.remove(victim)).isEqualTo(model.remove(victim));
                }
            }
            assertThat(refs.size()).isEqualTo(model.size());
            assertThat(all(refs)).containsExactlyElementsOf(model);
            long from = random.nextLong(last);
            long to = from + random.nextLong(last);
            List<Long> part = new ArrayList<>();
            refs.forEach(from, to, part::add);
            assertThat(part).containsExactlyElementsOf(model.subSet(from, true, to, true));
            ByteBuf bytes = Unpooled.buffer();
            refs.encode(bytes);
            assertThat(all(Refs.decode(bytes))).containsExactlyElementsOf(model);
        }
    }

    @Test
    public void a_visitor_that_has_enough_gets_no_more() {
        Refs refs = new Refs();
        for (long ref = 1; ref <= 1_000; ref++) {
            refs.add(ref);
        }
        List<Long> seen = new ArrayList<>();
        refs.forEach(300, Long.MAX_VALUE, ref -> seen.add(ref) && seen.size() < 3);
        assertThat(seen).containsExactly(300L, 301L, 302L);
    }

    @Test
    public void the_order_is_rising() {
        Refs refs = new Refs();
        refs.add(5);
        assertThatThrownBy(() -> refs.add(5)).isInstanceOf(IllegalArgumentException.class);
    }
}
