import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The HTTPS half of the example's cloud: serves the files of a folder, and prints what gateways report when it changes. */
public final class FileServer {
    private final Path folder;
    private String last = "";

    private FileServer(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** java FileServer.java PORT FOLDER KEYSTORE PASSWORD */
    public static void main(String[] args) throws Exception {
        char[] password = args[3].toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(args[2]))) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        int port = Integer.parseInt(args[0]);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newFixedThreadPool(4));
        FileServer files = new FileServer(Path.of(args[1]));
        server.createContext("/", files::file);
        server.createContext("/v3/edge/info", files::report);
        server.start();
    }

    /** With a validator and ranges, so that a download can be gone on with. */
    private void file(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
            if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            String etag = "\"" + Files.getLastModifiedTime(file).toMillis() + "-" + content.length + "\"";
            exchange.getResponseHeaders().set("ETag", etag);
            int from = from(exchange, etag, content.length);
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            exchange.getResponseBody().write(content, from, content.length - from);
        }
    }

    private static int from(HttpExchange exchange, String etag, int length) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        boolean same = etag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
        if (range == null || !same || !range.matches("bytes=\\d{1,9}-")) {
            return 0;
        }
        int from = Integer.parseInt(range.substring(6, range.length() - 1));
        return from < length ? from : 0;
    }

    private void report(HttpExchange exchange) throws IOException {
        try (exchange) {
            String json = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, -1);
            print(exchange.getRequestHeaders().getFirst("x-iot-edge-clientid") + " runs " + value(json, "conf_version")
                    + ", hello is " + value(json, "hello") + ", error: " + value(json, "error"));
        }
    }

    private synchronized void print(String line) {
        if (!line.equals(last)) {
            last = line;
            System.out.println(line);
        }
    }

    private static String value(String json, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        return matcher.find() ? matcher.group(1).replace("\\", "") : "-";
    }
}
