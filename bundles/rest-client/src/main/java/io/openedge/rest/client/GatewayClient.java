package io.openedge.rest.client;

import io.openedge.config.Tls;
import io.openedge.system.Inspect;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The calls of the API with their types. Any thread; answers arrive on the client's one thread, which must not be blocked.
 *
 * <p>Errors: a future completes with a {@link RestException} that holds the gateway's reason, or with another
 * {@link java.io.IOException} when the gateway was not reached.
 */
public final class GatewayClient implements AutoCloseable {
    private static final Duration SHORT = Duration.ofSeconds(10);
    /** A stop takes as long as the gateway's grace. */
    private static final Duration LONG = Duration.ofMinutes(2);
    /** It may pull images, wait for busy services and watch the new ones. */
    private static final Duration UPDATE = Duration.ofHours(6);

    private final HttpCaller caller;
    private final Credentials credentials;
    private final String ours;

    /**
     * @param address of the API, or of the operator's socket
     * @param credentials of a service, or {@link Credentials#OPERATOR}
     */
    public GatewayClient(ServerAddress address, Credentials credentials) {
        this(new HttpCaller(address), credentials);
    }

    /**
     * @param address of the API
     * @param credentials of a service
     * @param tls authorities beside the system's, and the certificate to show when the gateway asks for one
     */
    public GatewayClient(ServerAddress address, Credentials credentials, Tls tls) {
        this(new HttpCaller(address, tls), credentials);
    }

    /**
     * @param address of the API
     * @param credentials of a service
     * @param fingerprint of the one certificate that the gateway may show
     */
    public GatewayClient(ServerAddress address, Credentials credentials, String fingerprint) {
        this(new HttpCaller(address, fingerprint), credentials);
    }

    private GatewayClient(HttpCaller caller, Credentials credentials) {
        this.caller = caller;
        this.credentials = credentials;
        this.ours = credentials.equals(Credentials.OPERATOR) ? "/v1/operator" : "/v1/gateway";
    }

    /** What the gateway is and what runs on it. */
    public CompletableFuture<Inspect> inspect() {
        return inspectText().thenApply(text -> decode(() -> SystemJson.inspect(text.getBytes(StandardCharsets.UTF_8))));
    }

    /** The same as it was served. */
    public CompletableFuture<String> inspectText() {
        return call("GET", "/v1/system/inspect", new byte[0], SHORT).thenApply(HttpAnswer::text);
    }

    /** Whether every instance has run, waits for something, or has failed once. */
    public CompletableFuture<Boolean> settled() {
        return call("GET", ours + "/settled", new byte[0], SHORT)
                .thenApply(answer -> decode(
                        () -> Boolean.TRUE.equals(Json.object(answer.body()).get("settled"))));
    }

    /** Stops and starts all instances of a service. */
    public CompletableFuture<Void> restart(String service) {
        return call("PUT", ours + "/services/" + service + "/restart", new byte[0], LONG)
                .thenAccept(answer -> {});
    }

    /** Starts an update; completes when it has begun. An empty path: the current file again. */
    public CompletableFuture<Void> update(String path) {
        return call("PUT", "/v1/system/update", path(path), SHORT).thenAccept(answer -> {});
    }

    /** Updates the application; completes when that is over. */
    public CompletableFuture<UpdateResult> updateToItsEnd(String path) {
        return call("PUT", ours + "/update", path(path), UPDATE)
                .thenApply(answer -> decode(() -> SystemJson.result(answer.body())));
    }

    /** What an update would do. */
    public CompletableFuture<UpdatePlan> plan(String path) {
        return planText(path).thenApply(text -> decode(() -> SystemJson.plan(text.getBytes(StandardCharsets.UTF_8))));
    }

    /** The same as it was served. */
    public CompletableFuture<String> planText(String path) {
        return call("PUT", ours + "/update/plan", path(path), LONG).thenApply(HttpAnswer::text);
    }

    /** How the update that runs goes on. */
    public CompletableFuture<UpdateProgress> updateProgress() {
        return call("GET", ours + "/update/progress", new byte[0], SHORT)
                .thenApply(answer -> decode(() -> SystemJson.progress(answer.body())));
    }

    /** Gives up the update that runs, when it has not been committed. */
    public CompletableFuture<Void> cancelUpdate() {
        return call("PUT", ours + "/update/cancel", new byte[0], SHORT).thenAccept(answer -> {});
    }

    /** A TCP port of the host that is free now. */
    public CompletableFuture<Integer> availablePort() {
        return call("GET", "/v1/ports/available", new byte[0], SHORT)
                .thenApply(
                        answer -> decode(() -> port(Json.object(answer.body()).get("port"))));
    }

    /** Starts an instance; completes with the address where it serves, empty when it serves none. */
    public CompletableFuture<String> startInstance(String service, String instance, Map<String, String> configuration) {
        return call("PUT", instancePath(service, instance, "start"), body(configuration), LONG)
                .thenApply(answer -> answer.body().length == 0
                        ? ""
                        : decode(() ->
                                Json.object(answer.body()).get("address") instanceof String address ? address : ""));
    }

    /** Stops an instance; completes when it is over. */
    public CompletableFuture<Void> stopInstance(String service, String instance) {
        return call("PUT", instancePath(service, instance, "stop"), new byte[0], LONG)
                .thenAccept(answer -> {});
    }

    /** Reports what an instance says of itself. */
    public CompletableFuture<Void> report(String service, String instance, Map<String, Object> values) {
        return call("PUT", instancePath(service, instance, "report"), body(values), SHORT)
                .thenAccept(answer -> {});
    }

    /** Gives up what is under way and ends the thread. Not to be called on that thread. */
    @Override
    public void close() {
        caller.close();
    }

    private CompletableFuture<HttpAnswer> call(String method, String path, byte[] body, Duration limit) {
        return caller.send(new HttpCall(method, path, credentials.headers(), body, limit))
                .thenApply(answer -> {
                    if (answer.status() != 200) {
                        throw new CompletionException(new RestException(answer.status(), reason(answer)));
                    }
                    return answer;
                });
    }

    private static String reason(HttpAnswer answer) {
        return answer.body().length == 0 ? "status " + answer.status() : answer.text();
    }

    private static String instancePath(String service, String instance, String verb) {
        return "/v1/services/" + service + "/instances/" + instance + "/" + verb;
    }

    private static byte[] path(String path) {
        return body(path.isEmpty() ? Map.of() : Map.of("path", path));
    }

    private static byte[] body(Map<String, ?> values) {
        return Json.text(values).getBytes(StandardCharsets.UTF_8);
    }

    private static Integer port(Object value) throws JsonException {
        if (value instanceof String text && text.matches("\\d{1,5}")) {
            return Integer.valueOf(text);
        }
        throw new JsonException("port: not a number in a string");
    }

    private static <T> T decode(Decoding<T> decoding) {
        try {
            return decoding.decode();
        } catch (JsonException e) {
            throw new CompletionException(
                    new RestException(200, "an answer that is not understood: " + e.getMessage()));
        }
    }

    /** A step that reads an answer. */
    private interface Decoding<T> {
        T decode() throws JsonException;
    }
}
