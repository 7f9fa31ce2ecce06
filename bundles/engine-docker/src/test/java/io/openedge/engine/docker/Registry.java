package io.openedge.engine.docker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A registry on the loopback, which Docker takes without TLS: as much of it as a pull needs. */
final class Registry implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    static {
        System.setProperty("sun.net.httpserver.maxReqTime", "1"); // Docker tries TLS first: no request comes
    }

    private final HttpServer server;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch layers = new CountDownLatch(0);

    Registry() throws IOException {
        this("127.0.0.1");
    }

    /** @param address of this host, which Docker has to think safe */
    Registry(String address) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "registry");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/v2/", this::answer);
        server.start();
    }

    /** What an image of this registry is called, without its tag. */
    String name(String repository) {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/" + repository;
    }

    /** Layers are held back until the latch opens. */
    void hold(CountDownLatch latch) {
        layers = latch;
    }

    List<String> requests() {
        return requests;
    }

    /**
     * Offers an image of one layer.
     *
     * @param layer a tar archive
     * @return the digest of the image
     */
    String offer(String repository, String tag, byte[] layer) {
        String id = digest(layer);
        byte[] config =
                ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Entrypoint\":[\"/bin/sh\",\"-c\"]},"
                                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + id + "\"]},\"history\":[{}]}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":{\"mediaType\":"
                        + "\"application/vnd.docker.container.image.v1+json\",\"size\":" + config.length
                        + ",\"digest\":\"" + digest(config) + "\"},\"layers\":[{\"mediaType\":"
                        + "\"application/vnd.docker.image.rootfs.diff.tar\",\"size\":" + layer.length
                        + ",\"digest\":\"" + id + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        blobs.put(digest(config), config);
        blobs.put(id, layer);
        manifests.put(repository + " " + tag, manifest);
        manifests.put(repository + " " + digest(manifest), manifest);
        return digest(manifest);
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/v2/".length());
            requests.add(exchange.getRequestMethod() + " " + path);
            String[] manifest = path.split("/manifests/");
            String[] blob = path.split("/blobs/");
            if (path.isEmpty()) {
                send(exchange, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
            } else if (manifest.length == 2 && manifests.containsKey(manifest[0] + " " + manifest[1])) {
                send(exchange, MANIFEST, manifests.get(manifest[0] + " " + manifest[1]));
            } else if (blob.length == 2 && blobs.containsKey(blob[1])) {
                layers.await();
                send(exchange, "application/octet-stream", blobs.get(blob[1]));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, String type, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest(content));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
