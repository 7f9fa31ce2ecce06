package io.openedge.engine.docker;

import static org.awaitility.Awaitility.await;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** An engine with a work directory of its own, at the machine's daemon; leaves no container of its own behind. */
final class LiveEngine extends ExternalResource {
    final Docker docker = new Docker("");

    private final TemporaryFolder folder = new TemporaryFolder();
    private DockerEngine engine;

    @Override
    protected void before() throws Throwable {
        folder.create();
        docker.makeImage(folder.newFolder().toPath());
        engine = begin();
    }

    /** Another engine of the same gateway, as after a kill. */
    DockerEngine begin() {
        return new DockerEngine(work(), docker.environment());
    }

    @Override
    protected void after() {
        engine.close();
        try {
            String left = docker.run(
                    "ps",
                    "-aq",
                    "--filter",
                    "label=io.openedge.gateway=" + identity().gateway());
            for (String id : left.split("\\s+")) {
                if (!id.isEmpty()) {
                    docker.run("rm", "-f", id);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        folder.delete();
    }

    Identity identity() {
        return Identity.of(work());
    }

    DockerEngine engine() {
        return engine;
    }

    Path work() {
        return folder.getRoot().toPath();
    }

    /** The folder of a volume, which the gateway has made. */
    Path volume(String name) throws IOException {
        return Files.createDirectories(work().resolve("var/db/openedge/" + name));
    }

    Volumes volumes(String... names) throws IOException {
        Map<String, Path> all = new HashMap<>();
        for (String name : names) {
            all.put(name, volume(name));
        }
        return new Volumes(work(), all);
    }

    /** Starts the only instance of a service without volumes. */
    Instance start(Services service, InstanceSpec spec) throws EngineException, IOException {
        return engine.open(service.spec(), volumes()).start(spec);
    }

    Instance running(Services service, InstanceSpec spec) throws EngineException, IOException {
        return running(start(service, spec));
    }

    static Instance running(Instance instance) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (instance.exited().toCompletableFuture().isDone()
                    && !instance.running().toCompletableFuture().isDone()) {
                throw new AssertionError(
                        "ended before it ran: " + exit(instance).reason());
            }
            return instance.running().toCompletableFuture().isDone();
        });
        return instance;
    }

    static Predicate<Exit> code(int code) {
        return exit -> exit instanceof Exit.Code end && end.code() == code;
    }

    static Exit exit(Instance instance) {
        try {
            return instance.exited().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("it has not ended", e);
        }
    }
}
