package io.openedge.engine.docker;

import static io.openedge.engine.docker.LiveEngine.code;
import static io.openedge.engine.docker.Services.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Images come before anything is stopped. */
public class ImagesTest {
    @Rule
    public final LiveEngine live = new LiveEngine();

    private Registry registry;
    private final List<String> images = new ArrayList<>();

    @Before
    public void open() throws Exception {
        registry = new Registry();
    }

    @After
    public void close() throws Exception {
        registry.close();
        for (String image : images) {
            live.docker.attempt("rmi", "-f", image);
        }
    }

    @Test
    public void imagesArePulledAtTheSameTimeAndTheirProgressIsTold() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        CountDownLatch held = new CountDownLatch(1);
        registry.hold(held);
        List<ServiceSpec> services =
                List.of(service("one", offer("first", "1", "a")), service("two", offer("second", "1", "b")));

        CompletableFuture<Map<String, EngineException>> prepared = CompletableFuture.supplyAsync(() -> {
            try {
                return live.engine()
                        .prepare(services, live.volumes(), (service, what) -> told.add(service + ": " + what));
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(Duration.ofSeconds(20))
                .until(() -> List.of("first", "second").stream()
                        .allMatch(name -> registry.requests().stream().anyMatch(r -> r.contains(name + "/blobs"))));
        held.countDown();

        assertThat(prepared.get(60, TimeUnit.SECONDS)).isEmpty();
        assertThat(told)
                .anyMatch(what -> what.startsWith("one: pulling 0 of 1 layers"))
                .anyMatch(what -> what.startsWith("one: pulling 1 of 1 layers"))
                .anyMatch(what -> what.startsWith("two: pulling 1 of 1 layers"));
    }

    @Test
    public void anImageIsAskedForWithoutPullingIt() throws Exception {
        String there = offer("there", "1", "a");
        List<ServiceSpec> services = List.of(
                service("one", there), service("two", registry.name("nowhere") + ":1"), service("three", Docker.IMAGE));

        Map<String, EngineException> failures = live.engine().check(services, live.volumes(), Set.of());

        assertThat(failures).containsOnlyKeys("two");
        assertThat(failures.get("two"))
                .hasMessageStartingWith(
                        "image '" + registry.name("nowhere") + ":1' is not on this host and cannot be pulled");
        assertThat(registry.requests()).anyMatch(request -> request.contains("there/manifests"));
        assertThat(live.docker.attempt("image", "inspect", there).code()).isNotZero();
    }

    @Test
    public void anImageThatCannotBeHadIsAnErrorOnlyWithoutALocalOne() throws Exception {
        String local = registry.name("local") + ":7";
        live.docker.run("tag", Docker.IMAGE, local);
        images.add(local);

        Map<String, EngineException> failures = prepare(
                service("has", local),
                service("hasNot", registry.name("nowhere") + ":1"),
                service("other", Docker.IMAGE));

        assertThat(failures).containsOnlyKeys("hasNot");
        assertThat(failures.get("hasNot"))
                .hasMessageStartingWith(
                        "image '" + registry.name("nowhere") + ":1' is not on this host and cannot be pulled: ");
    }

    @Test
    public void aNameIsPulledAgainAndADigestIsNot() throws Exception {
        String image = offer("changing", "latest", "old").replace(":latest", "");
        assertThat(prepare(service("s", image))).isEmpty();
        String digest = registry.name("changing") + "@" + registry.offer("changing", "latest", layer("new"));
        images.add(digest);

        int asked = registry.requests().size();
        assertThat(prepare(service("s", image))).isEmpty();
        assertThat(registry.requests()).as("a moment later").hasSize(asked);
        DockerEngine later = live.begin();
        assertThat(later.prepare(List.of(service("s", image)), live.volumes(), (service, what) -> {}))
                .isEmpty();
        later.close();
        assertThat(LiveEngine.exit(live.start(
                        Services.named("news").image(image), instance("news", "grep new /marker && exit 33"))))
                .matches(code(33));
        int before = registry.requests().size();
        assertThat(prepare(service("s", digest))).isEmpty();
        assertThat(registry.requests()).hasSize(before);
        assertThat(LiveEngine.exit(live.start(
                        Services.named("digest").image(digest), instance("digest", "grep new /marker && exit 34"))))
                .matches(code(34));
    }

    @Test
    public void aPreparationCanBeGivenUp() throws Exception {
        registry.hold(new CountDownLatch(1));
        ServiceSpec service = service("s", offer("slow", "1", "x"));
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                live.engine().prepare(List.of(service), live.volumes(), (name, what) -> {});
                interrupted.complete(false);
            } catch (InterruptedException e) {
                interrupted.complete(true);
            } catch (IOException e) {
                interrupted.completeExceptionally(e);
            }
        });
        thread.start();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> registry.requests().stream().anyMatch(r -> r.contains("slow/blobs")));

        thread.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    private Map<String, EngineException> prepare(ServiceSpec... services) throws Exception {
        return live.engine().prepare(List.of(services), live.volumes(), (service, what) -> {});
    }

    private static ServiceSpec service(String name, String image) {
        return Services.named(name).image(image).spec();
    }

    private String offer(String repository, String tag, String marker) throws Exception {
        registry.offer(repository, tag, layer(marker));
        String name = registry.name(repository) + ":" + tag;
        images.add(name);
        return name;
    }

    /** A shell and a file that tells which image it is. */
    private byte[] layer(String marker) throws Exception {
        Path root = Files.createTempDirectory(live.work(), "layer");
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/usr/bin/busybox"), root.resolve("bin/busybox"));
        for (String program : List.of("sh", "grep")) {
            Files.createSymbolicLink(root.resolve("bin/" + program), Path.of("busybox"));
        }
        Files.write(root.resolve("marker"), (marker + "\n").getBytes(StandardCharsets.UTF_8));
        Process tar = new ProcessBuilder("tar", "-C", root.toString(), "-cf", "-", ".").start();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        tar.getInputStream().transferTo(content);
        assertThat(tar.waitFor()).isZero();
        return content.toByteArray();
    }
}
