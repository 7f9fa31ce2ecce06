package io.openedge.function.manager.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ByteSize;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.manager.FakeLoop;
import io.openedge.function.manager.FakeWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Connections to functions that fail in ways nobody expects, and messages that are large: the pool stays whole. */
public class BrokenRuntimeTest {
    private final FakeLoop loop = new FakeLoop();
    private final FakeWorld world = new FakeWorld(Path.of("/"));
    private final List<String> answers = new ArrayList<>();
    private final FunctionConfig config = new FunctionConfig(
            "sayhi",
            "python",
            null,
            null,
            null,
            null,
            new FunctionConfig.Instances(0, 1, Duration.ofMinutes(10), Duration.ofMinutes(1), 0),
            new FunctionServerConfig.Message(new FunctionServerConfig.Length(new ByteSize(100 << 20))),
            null,
            Duration.ofSeconds(30));
    private final Pool pool = new Pool(world, config, loop);
    private final Lane lane = pool.lane(() -> false);

    private boolean send(byte[] payload) {
        boolean[] taken = new boolean[1];
        loop.execute(() -> taken[0] = submit(payload));
        return taken[0];
    }

    private boolean submit(byte[] payload) {
        if (!lane.reserve(payload.length)) {
            return false;
        }
        FunctionMessage message = new FunctionMessage(0, 1, "t", payload, 0, "sayhi", "uuid");
        lane.run(message, 5, new Outcome() {
            @Override
            public void answered(FunctionMessage answer) {
                answers.add(new String(answer.payload(), UTF_8));
                lane.settled(payload.length);
            }

            @Override
            public void failed(FunctionMessage failed, FunctionException error, int tries) {
                answers.add(error.getMessage());
                lane.settled(payload.length);
            }

            @Override
            public void abandoned() {
                answers.add("abandoned");
            }
        });
        return true;
    }

    @Test
    public void aConnectionThatCannotBeMadeLeavesThePlaceFree() {
        world.functions.broken = true;
        send(new byte[1]);
        assertThat(pool.size()).isZero();

        world.functions.broken = false;
        loop.advance(Duration.ofSeconds(1));
        world.functions.answer("at last");

        assertThat(answers).containsExactly("at last");
    }

    @Test
    public void aConnectionThatCannotBeClosedEndsNeitherTheMessageNorEviction() {
        send(new byte[1]);
        world.functions.broken = true;
        loop.advance(Duration.ofSeconds(30)); // no answer
        assertThat(world.gateway.stopped).containsExactly("python.sayhi.1");
        world.functions.broken = false;
        loop.advance(Duration.ofSeconds(1));
        world.functions.next(); // of the first try
        world.functions.answer("second try");
        assertThat(answers).containsExactly("second try");

        world.functions.broken = true;
        loop.advance(Duration.ofMinutes(12));
        assertThat(pool.size()).as("idle for too long").isZero();
        world.functions.broken = false;
        send(new byte[1]);
        world.functions.answer("third");
        loop.advance(Duration.ofMinutes(12));
        assertThat(pool.size()).as("eviction goes on").isZero();
    }

    @Test
    public void largeMessagesHaveFewerPlacesAndGiveThemAllBack() {
        List<Integer> fed = new ArrayList<>();
        loop.execute(() -> pool.lane(() -> {
            boolean more = fed.size() < 3 && submit(new byte[1]);
            return more && fed.add(fed.size());
        }));
        assertThat(send(new byte[20 << 20]))
                .as("larger than all places, but the only one")
                .isTrue();
        assertThat(send(new byte[1])).isFalse();
        world.functions.answer("large");
        assertThat(fed).as("the places of many").containsExactly(0, 1, 2);
        for (int i = 0; i < 3; i++) {
            world.functions.answer("small");
        }
        int taken = 0;
        while (send(new byte[1 << 20])) {
            taken++;
        }
        assertThat(taken).isEqualTo(8);
    }
}
