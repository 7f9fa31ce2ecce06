package io.openedge.function.manager.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.openedge.app.ByteSize;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.manager.FakeFunctions;
import io.openedge.function.manager.FakeLoop;
import io.openedge.function.manager.FakeWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A pool with the gateway and the functions of the test, on the test's own time. */
abstract class PoolFixture {
    static final int TRIES = 3;

    final FakeLoop loop = new FakeLoop();
    final FakeWorld world = new FakeWorld(Path.of("/"));
    final FakeFunctions functions = world.functions;
    final List<String> answers = new ArrayList<>();
    final List<FunctionException> failures = new ArrayList<>();
    Pool pool;
    Lane lane;

    void pool(int min, int max) {
        pool(min, max, 0);
    }

    void pool(int min, int max, int pipeline) {
        FunctionConfig config = new FunctionConfig(
                "sayhi",
                "python",
                null,
                null,
                null,
                null,
                new FunctionConfig.Instances(min, max, Duration.ofMinutes(10), Duration.ofMinutes(1), pipeline),
                new FunctionServerConfig.Message(new FunctionServerConfig.Length(new ByteSize(100))),
                null,
                Duration.ofSeconds(30));
        loop.execute(() -> {
            pool = new Pool(world, config, loop);
            lane = pool.lane(() -> false);
        });
    }

    boolean send(String payload) {
        boolean[] taken = new boolean[1];
        loop.execute(() -> taken[0] = submit(lane, payload));
        return taken[0];
    }

    boolean submit(Lane way, String payload) {
        return submit(way, payload, TRIES);
    }

    boolean submit(Lane way, String payload, int tries) {
        boolean place = way.reserve(payload.length());
        if (place) {
            way.run(message(payload), tries, new Record(payload.length()));
        }
        return place;
    }

    static FunctionMessage message(String payload) {
        return new FunctionMessage(0, 1, "t", payload.getBytes(UTF_8), 0, "sayhi", "uuid-of-" + payload);
    }

    private final class Record implements Outcome {
        private final int payload;

        Record(int payload) {
            this.payload = payload;
        }

        @Override
        public void answered(FunctionMessage answer) {
            answers.add(new String(answer.payload(), UTF_8));
            lane.settled(payload);
        }

        @Override
        public void failed(FunctionMessage message, FunctionException error, int tries) {
            failures.add(error);
            lane.settled(payload);
        }

        @Override
        public void abandoned() {
            answers.add("abandoned");
            lane.settled(payload);
        }
    }
}
