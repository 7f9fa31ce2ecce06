package io.openedge.agent;

import static io.openedge.agent.CloudWorld.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;
import io.openedge.archive.RawZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Clouds that lie. Whatever they do, the application runs on, nothing is written elsewhere, and the next event is worked on. */
public class HostileCloudTest {
    private static final String DIGEST = "0".repeat(64);

    @Rule
    public final CloudWorld world = new CloudWorld();

    @After
    public void theApplicationRunsOnAndTheNextEventIsWorkedOn() throws Exception {
        assertThat(world.gateway.updates).isEmpty();
        try (Stream<Path> all = Files.walk(world.work().getParent())) {
            assertThat(all.filter(path -> path.getFileName().toString().equals("evil")))
                    .isEmpty();
        }
        world.publish(world.event("good"));
        world.awaitVersion("good");
    }

    @Test
    public void wrongDigest() throws Exception {
        world.offer("/a.zip", application("v2"));

        refused(source("/a.zip"), "is not what was announced: its digest is not SHA-256 000");
    }

    @Test
    public void truncated() throws Exception {
        refusedOrWaits(
                "/a.zip",
                exchange -> {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write(new byte[500]);
                    exchange.getResponseBody().flush();
                },
                "ended after");
    }

    @Test
    public void endlessBody() throws Exception {
        refusedOrWaits(
                "/a.zip",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] piece = new byte[1 << 16];
                    for (int i = 0; i < 10_000; i++) {
                        exchange.getResponseBody().write(piece);
                    }
                },
                "is too large; allowed: up to 4194304 bytes");
    }

    @Test
    public void redirectToAnotherHost() throws Exception {
        refusedOrWaits(
                "/a.zip",
                exchange -> {
                    exchange.getResponseHeaders().set("Location", "https://example.com/a.zip");
                    exchange.sendResponseHeaders(302, -1);
                },
                "is redirected to https://example.com/a.zip");
    }

    @Test
    public void plainHttp() throws Exception {
        refused(source("http://localhost/a.zip"), "allowed: https://HOST[:PORT]/");
    }

    @Test
    public void expiredCertificate() throws Exception {
        world.serve("-ext", "san=dns:localhost", "-startdate", "-10d", "-validity", "5");
        notTrusted("NotAfter");
    }

    @Test
    public void wrongHostName() throws Exception {
        world.serve("-ext", "san=dns:other.example");
        notTrusted("matching localhost found");
    }

    /** It is not told anything either. */
    private void notTrusted(String why) throws Exception {
        world.start();
        world.publish(world.eventOf("v2", source("/a.zip")));
        await().until(() -> world.published.stream().anyMatch(report -> report.contains(why)));
        assertThat(world.server.requests).isEmpty();
        assertThat(world.posted).isEmpty();
        world.stop();
        world.serve("-ext", "san=dns:localhost");
        world.start();
    }

    @Test
    public void namesThatClimbOut() throws Exception {
        refused(offer("../evil"), "leaves the folder");
        refusedToo(offer("../../../../evil"), "leaves the folder");
    }

    @Test
    public void absoluteNames() throws Exception {
        refused(offer("/tmp/evil"), "is absolute");
    }

    @Test
    public void namesOfASibling() throws Exception {
        refused(offer("../v2-other/evil"), "leaves the folder");
    }

    @Test
    public void aLinkAndAWriteThroughIt() throws Exception {
        RawZip zip = application("v2").entry("link", RawZip.LINK, "../..").file("link/evil", "x");

        refused(world.offer("/a.zip", zip), "is a link and would be written through");
    }

    @Test
    public void namesThatCollide() throws Exception {
        refused(world.offer("/a.zip", application("v2").file("Application.yml", "x")), "by case or accents only");
    }

    @Test
    public void placesElsewhere() throws Exception {
        world.start();
        for (String place : List.of(
                "/etc",
                "var/db/openedge",
                "var/db/openedge/../../../evil",
                "../evil",
                "var/db/openedge/.agent-staging",
                "var/db/openedge/application.yml.old",
                "var/db/openedge/application.update/x",
                "var/db/openedge-other/x",
                "var/db/openedge/a\\u0000b")) {
            world.posted.clear();
            world.publish(world.event("v2").replace("var/db/openedge/app/v2", place));
            world.awaitReport(report -> report.contains("is no place for an archive"));
        }
    }

    @Test
    public void aPlaceThatIsALinkOut() throws Exception {
        Files.createDirectories(world.work().resolve("elsewhere"));
        Files.createSymbolicLink(world.volumes().resolve("app"), world.work().resolve("elsewhere"));

        refused(world.event("v2"), "leads out by a link", true);

        assertThat(world.work().resolve("elsewhere")).isEmptyDirectory();
        Files.delete(world.volumes().resolve("app"));
    }

    @Test
    public void eventsThatAreNone() throws Exception {
        world.start();
        for (String[] event : new String[][] {
            {"{\"event\":\"UPDATE\",\"content\":null}", "the event's content is null; allowed: an object"},
            {"{\"event\":\"UPDATE\"}", "the event's content is missing; allowed: an object"},
            {"{\"event\":null}", "the event's event is null; allowed: a text"},
            {"{\"event\":5}", "the event's event is 5; allowed: a text"},
            {"{\"event\":\"RESET\"}", "event: 'RESET' is not known; allowed: UPDATE"},
            {"{\"event\":\"UPDATE\",\"content\":[]}", "the event's content is []; allowed: an object"},
            {"{\"event\":\"UPDATE\",\"content\":{\"version\":2}}", "content.version is 2; allowed: a text"},
            {"{\"event\":\"UPDATE\",\"content\":{\"version\":\"v\",\"config\":\"x\"}}", "content.config is"},
            {
                "{\"event\":\"UPDATE\",\"content\":{\"version\":\"v\",\"config\":{\"meta\":{\"url\":[1]}}}}",
                "content.config.meta.url is [1]; allowed: a text"
            },
            {"[1,2]", "a JSON object is expected"},
            {"", "the event is not understood"},
            {"[".repeat(100_000), "the event is not understood"},
            {"{\"a\":\"" + "x".repeat(1 << 20) + "\"}", "bytes; allowed: up to 1048576"},
            {world.event("v2").replace("\"app\"", "\"../app\""), "name"},
            {world.eventOf("v2", "{\"url\":\"/a.zip\"}"), "meta: has no digest"},
            {world.eventOf("v2", "{\"url\":\"/a.zip\",\"md5\":\"zz\"}"), "allowed: the 16 bytes of an MD5 in base64"},
        }) {
            world.publish(event[0]);
            world.awaitReport(report -> report.replace("\\\"", "\"").contains(event[1]));
        }
    }

    private static String source(String url) {
        return "{\"url\":\"" + url + "\",\"sha256\":\"" + DIGEST + "\"}";
    }

    private String offer(String name) throws IOException {
        return world.offer("/a.zip", application("v2").file(name, "x"));
    }

    private void refusedOrWaits(String path, HttpHandler handler, String why) throws Exception {
        world.on(path, exchange -> {
            try {
                handler.handle(exchange);
            } catch (IOException expected) {
                assertThat(expected).isNotNull(); // the agent has hung up
            }
        });
        refused(source(path), why);
    }

    private void refused(String meta, String why) throws Exception {
        refused(world.eventOf("v2", meta), why, true);
    }

    private void refusedToo(String meta, String why) throws Exception {
        world.posted.clear();
        refused(world.eventOf("v2", meta), why, false);
    }

    private void refused(String event, String why, boolean first) throws Exception {
        if (first) {
            world.start();
        }
        world.publish(event);
        world.awaitReport(report -> report.contains(why));
        assertThat(world.volumes().resolve("app/v2")).doesNotExist();
    }
}
