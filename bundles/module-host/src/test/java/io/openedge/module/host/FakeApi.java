package io.openedge.module.host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway's API that answers what a test tells it to, by method and path, and remembers who asked for what. */
final class FakeApi implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private record Answer(int status, String body) {}

    FakeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    String address() {
        return "tcp://127.0.0.1:" + server.getAddress().getPort();
    }

    FakeApi answer(String call, int status, String body) {
        answers.put(call, new Answer(status, body));
        return this;
    }

    /** METHOD PATH SERVICE/TOKEN BODY. */
    List<String> calls() {
        return calls;
    }

    private void serve(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String caller = exchange.getRequestHeaders().getFirst("x-iot-edge-username") + "/"
                + exchange.getRequestHeaders().getFirst("x-iot-edge-password");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add((call + " " + caller + " " + body).strip());
        Answer answer = answers.getOrDefault(call, new Answer(500, "no answer to " + call));
        byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
