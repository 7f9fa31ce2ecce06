package io.openedge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Downloads over links that fail and from servers that lie. */
public class DownloadsTest {
    private static final byte[] CONTENT = "0123456789".repeat(10_000).getBytes(StandardCharsets.US_ASCII);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<String> failures = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
    private FileServer server;
    private HttpsConnections connections;

    @Before
    public void serve() throws Exception {
        server = new FileServer(temporary.getRoot().toPath(), "-ext", "san=dns:localhost");
        connect(Duration.ofSeconds(10));
    }

    private void connect(Duration read) throws Exception {
        connections = new HttpsConnections(
                new HttpsConnections.Settings(server.trusting(), false, Duration.ofSeconds(10), read));
    }

    @After
    public void close() {
        connections.close();
        server.close();
    }

    @Test
    public void aFileArrives() throws Exception {
        server.on("/f", whole(CONTENT));

        assertThat(fetch("/f")).isEqualTo(CONTENT.length);

        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    public void aCutDownloadIsGoneOnWith() throws Exception {
        server.on("/f", exchange -> FileServer.ranges(exchange, CONTENT, "\"1\"", 30_000));

        assertThat(fetch("/f")).isEqualTo(CONTENT.length);

        assertThat(server.requests).containsExactly("/f null", "/f bytes=30000-", "/f bytes=60000-", "/f bytes=90000-");
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    public void aDownloadIsGoneOnWithAfterACrash() throws Exception {
        server.on("/f", exchange -> FileServer.ranges(exchange, CONTENT, "\"1\"", 30_000));
        assertThatThrownBy(() -> fetch(download("/f", digest(CONTENT)), 1)).hasMessageContaining("ended after");

        assertThat(fetch("/f")).isEqualTo(CONTENT.length - 30_000);

        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    public void aFileThatChangedMeanwhileStartsAnew() throws Exception {
        AtomicInteger version = new AtomicInteger();
        server.on("/f", exchange -> {
            int now = version.incrementAndGet();
            byte[] content = now == 1 ? new byte[50_000] : CONTENT;
            FileServer.ranges(exchange, content, "\"" + now + "\"", now == 1 ? 20_000 : CONTENT.length);
        });

        fetch("/f");

        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(server.requests).containsExactly("/f null", "/f bytes=20000-");
    }

    @Test
    public void aServerThatConfirmsAWrongPartIsAskedAnew() throws Exception {
        server.on("/f", exchange -> FileServer.ranges(exchange, CONTENT, "\"1\"", CONTENT.length));
        Files.write(file().resolveSibling("f.part"), new byte[30_000]);
        Files.writeString(file().resolveSibling("f.validator"), server.url("/f") + "\n\"1\"\n");

        fetch("/f");

        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(server.requests).containsExactly("/f bytes=30000-", "/f null");
    }

    @Test
    public void aWeakValidatorIsNone() throws Exception {
        server.on("/f", exchange -> FileServer.ranges(exchange, CONTENT, "W/\"1\"", CONTENT.length - 1));

        assertThatThrownBy(() -> fetch(download("/f", digest(CONTENT)), 2)).hasMessageContaining("ended after");

        assertThat(server.requests).containsExactly("/f null", "/f null");
    }

    @Test
    public void theDelayGrowsWhileNothingComesIn() throws Exception {
        server.on("/f", exchange -> exchange.sendResponseHeaders(503, -1));

        assertThatThrownBy(() -> fetch(download("/f", digest(CONTENT)), 6)).hasMessageContaining("answers 503");

        assertThat(delays).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    public void aWrongDigestIsRefused() throws Exception {
        server.on("/f", whole(new byte[100]));

        assertThatThrownBy(() -> fetch("/f"))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("is not what was announced");

        assertThat(file()).doesNotExist();
        assertThat(leftovers()).isEmpty();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    public void anMd5OfAnOlderCloudIsTaken() throws Exception {
        server.on("/f", whole(CONTENT));
        Digest md5 = Digest.md5(Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(CONTENT)));

        fetch(download("/f", md5), 1);

        assertThat(file()).hasBinaryContent(CONTENT);
        assertThatThrownBy(() -> Digest.md5("abc")).hasMessageContaining("allowed: the 16 bytes of an MD5 in base64");
        assertThatThrownBy(() -> Digest.sha256("abc")).hasMessageContaining("allowed: 64 hexadecimal digits");
    }

    @Test
    public void anEndlessBodyEndsAtTheLimit() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        server.on("/f", exchange -> {
            try {
                exchange.sendResponseHeaders(200, 0);
                byte[] piece = new byte[10_000];
                while (true) {
                    exchange.getResponseBody().write(piece);
                }
            } catch (IOException expected) {
                ended.countDown();
            }
        });

        assertThatThrownBy(() -> fetch("/f"))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("is too large; allowed: up to 1000000 bytes");

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    public void aBodyThatIsAnnouncedTooLargeIsNotFetched() throws Exception {
        server.on("/f", exchange -> exchange.sendResponseHeaders(200, 1_000_001));

        assertThatThrownBy(() -> fetch("/f")).hasMessageContaining("is too large");
    }

    @Test
    public void redirectsStayOnTheServer() throws Exception {
        server.on("/f", whole(CONTENT))
                .on("/near", redirect("/f"))
                .on("/host", redirect("https://example.com/f"))
                .on("/plain", redirect("http://localhost/f"))
                .on("/loop", redirect("/loop"));

        fetch("/near");
        assertThat(file()).hasBinaryContent(CONTENT);
        refused("/host", "is redirected to https://example.com/f; allowed: redirects on the same server over https");
        refused("/plain", "is redirected to http://localhost/f");
        refused("/loop", "more than 5 redirects");
    }

    @Test
    public void plainHttpIsRefused() {
        for (String url :
                List.of("http://localhost/f", "file:///etc/passwd", "/f", "https:///f", "https://u:p@host/f")) {
            Download download =
                    new Download(URI.create(url), Map.of(), digest(CONTENT), 1_000_000, new DiskBudget(0), file());
            assertThatThrownBy(() -> fetch(download, 1))
                    .isInstanceOf(ArchiveException.class)
                    .hasMessageContaining("allowed: https://HOST[:PORT]/")
                    .hasMessageNotContaining("u:p");
        }
    }

    @Test
    public void aServerThatCannotBeVerifiedIsNotSpokenTo() throws Exception {
        notSpokenTo("name matching localhost found", "-ext", "san=dns:other.example");
        notSpokenTo("NotAfter", "-ext", "san=dns:localhost", "-startdate", "-10d", "-validity", "5");
        server.on("/f", whole(CONTENT));
        connections = new HttpsConnections(new HttpsConnections.Settings(
                SSLContext.getDefault(), false, Duration.ofSeconds(10), Duration.ofSeconds(10)));
        assertThatThrownBy(() -> fetch(download("/f", digest(CONTENT)), 1)).hasMessageContaining("PKIX");
        assertThat(server.requests).isEmpty();
    }

    private void notSpokenTo(String why, String... certificate) throws Exception {
        close();
        server = new FileServer(temporary.getRoot().toPath(), certificate).on("/f", whole(CONTENT));
        connect(Duration.ofSeconds(10));

        assertThatThrownBy(() -> fetch(download("/f", digest(CONTENT)), 1)).hasMessageContaining(why);

        assertThat(server.requests).isEmpty();
        close();
        serve();
    }

    @Test
    public void aStalledBodyIsATimeOutAndASlowOneIsNone() throws Exception {
        connect(Duration.ofMillis(200));
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        server.on("/f", exchange -> {
            if (asked.incrementAndGet() == 1) {
                FileServer.ranges(exchange, CONTENT, "\"1\"", 40_000);
                awaitQuietly(end);
            } else {
                FileServer.ranges(exchange, CONTENT, "\"1\"", CONTENT.length);
            }
        });

        fetch("/f");

        end.countDown();
        assertThat(failures).singleElement().asString().containsIgnoringCase("timed out");
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    public void closingEndsAReadThatIsUnderWay() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        server.on("/f", exchange -> {
            FileServer.ranges(exchange, CONTENT, "\"1\"", 40_000);
            reached.countDown();
            awaitQuietly(end);
        });
        CompletableFuture<String> failure = CompletableFuture.supplyAsync(() -> {
            try {
                return "complete: " + fetch(download("/f", digest(CONTENT)), 1);
            } catch (IOException | InterruptedException e) {
                return String.valueOf(e.getMessage());
            }
        });
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

        connections.close();

        assertThat(failure.get(5, TimeUnit.SECONDS)).doesNotStartWith("complete");
        end.countDown();
    }

    @Test
    public void aFullDiskIsSeenBeforeItIsFull() {
        server.on("/f", whole(CONTENT));
        Download download = new Download(
                server.url("/f"), Map.of(), digest(CONTENT), 1_000_000, new DiskBudget(Long.MAX_VALUE / 2), file());

        assertThatThrownBy(() -> fetch(download, 1)).isInstanceOf(NoRoomException.class);
        assertThat(leftovers()).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpHandler whole(byte[] content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    private static HttpHandler redirect(String to) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(302, -1);
        };
    }

    private void refused(String path, String why) {
        assertThatThrownBy(() -> fetch(path))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining(why);
    }

    private long fetch(String path) throws IOException, InterruptedException {
        return fetch(download(path, digest(CONTENT)), 10);
    }

    /** Time is not waited for. */
    private long fetch(Download download, int tries) throws IOException, InterruptedException {
        return new Downloads(connections, Duration.ofSeconds(10)).fetch(download, new Patience() {
            private int failed;

            @Override
            public boolean wanted() {
                return failed < tries;
            }

            @Override
            public void await(String failure, Duration delay) {
                failures.add(failure);
                delays.add(delay);
                failed++;
            }
        });
    }

    private Download download(String path, Digest digest) {
        return new Download(server.url(path), Map.of(), digest, 1_000_000, new DiskBudget(0), file());
    }

    private Path file() {
        return temporary.getRoot().toPath().resolve("f");
    }

    private List<Path> leftovers() {
        return List.of(file().resolveSibling("f.part"), file().resolveSibling("f.validator")).stream()
                .filter(Files::exists)
                .toList();
    }

    private static Digest digest(byte[] content) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return Digest.sha256(HexFormat.of().formatHex(sha.digest(content)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
