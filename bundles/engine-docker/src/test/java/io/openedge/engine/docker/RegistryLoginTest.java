package io.openedge.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is asked of a daemon that has no image, with the logins of the user's Docker configuration. */
public class RegistryLoginTest {
    private static final String CONFIGURATION = "DOCKER_CONFIG";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private record Question(String path, Optional<String> login) {}

    private final List<Question> questions = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer daemon;
    private DockerEngine engine;

    @Before
    public void open() throws IOException {
        String login = Base64.getEncoder().encodeToString("edge:secret".getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                folder.getRoot().toPath().resolve("config.json"),
                "{\"auths\": {\"hub.example.com:5000\": {\"auth\": \"" + login + "\"}}}");
        System.setProperty(CONFIGURATION, folder.getRoot().toString());
        daemon = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        daemon.createContext("/", this::answer);
        daemon.setExecutor(threads);
        daemon.start();
        engine = new DockerEngine(
                folder.getRoot().toPath(),
                Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + daemon.getAddress().getPort()));
    }

    @After
    public void close() {
        engine.close();
        over.countDown();
        daemon.stop(0);
        threads.shutdown();
        System.clearProperty(CONFIGURATION);
    }

    @Test
    public void aRegistryIsAskedWithTheLoginOfItsPull() throws Exception {
        check("hub.example.com:5000/mine:1");

        assertThat(questions("hub.example.com:5000/mine:1"))
                .singleElement()
                .satisfies(question -> assertThat(new String(
                                Base64.getUrlDecoder().decode(question.login().orElse("")), StandardCharsets.UTF_8))
                        .contains("\"username\":\"edge\"", "\"password\":\"secret\""));
    }

    @Test
    public void aRegistryWithoutALoginIsAskedWithout() throws Exception {
        check("other.example.com/mine:1");

        assertThat(questions("other.example.com/mine:1"))
                .singleElement()
                .satisfies(question -> assertThat(question.login()).isEmpty());
    }

    @Test
    public void aNameThatIsNoneIsRefused() throws Exception {
        assertThat(check("http://hub.example.com/mine:1")).containsOnlyKeys("s0");
    }

    @Test
    public void anImageOfSeveralServicesIsAskedForOnce() throws Exception {
        Map<String, EngineException> failures = check("other.example.com/mine", "other.example.com/mine");

        assertThat(failures).containsOnlyKeys("s0", "s1");
        assertThat(failures.get("s1")).hasMessageContaining("is not on this host and cannot be pulled: no such image");
        assertThat(questions("other.example.com/mine:latest")).hasSize(1);
    }

    private Map<String, EngineException> check(String... images) throws Exception {
        Volumes none = new Volumes(folder.getRoot().toPath(), Map.of());
        List<ServiceSpec> services = IntStream.range(0, images.length)
                .mapToObj(n -> Services.named("s" + n).image(images[n]).spec())
                .toList();
        return engine.check(services, none, Set.of());
    }

    private List<Question> questions(String image) {
        return questions.stream()
                .filter(question -> question.path().endsWith("/distribution/" + image + "/json"))
                .toList();
    }

    /** It is there and has nothing; for one who listens nothing happens. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/events")) {
                over.await();
            }
            questions.add(new Question(
                    path, Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Registry-Auth"))));
            byte[] body = "{\"message\":\"no such image\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(path.endsWith("/_ping") ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
