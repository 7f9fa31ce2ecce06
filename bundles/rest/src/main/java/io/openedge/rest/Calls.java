package io.openedge.rest;

import io.openedge.rest.client.Json;
import io.openedge.rest.client.JsonException;
import io.openedge.rest.client.SystemJson;
import io.openedge.system.Gateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The calls of the API: from bodies to {@link Gateway} and back. Stateless; runs on event loops and never blocks. */
final class Calls {
    private final Duration patience;

    /** @param patience after which an instance that does not run yet is answered with its state; its start goes on */
    Calls(Duration patience) {
        this.patience = patience;
    }

    CompletionStage<Answer> inspect(Request request) {
        return done(Answer.json(SystemJson.write(request.gateway().inspect())));
    }

    /** As the first releases answered. */
    CompletionStage<Answer> olderInspect(Request request) {
        return done(Answer.json(SystemJson.writeOlder(request.gateway().inspect())));
    }

    CompletionStage<Answer> settled(Request request) {
        return done(Answer.json(Map.of("settled", request.gateway().settled())));
    }

    CompletionStage<Answer> availablePort(Request request) {
        return done(
                Answer.json(Map.of("port", Integer.toString(request.gateway().availablePort()))));
    }

    /** Answers at once when the application may come in; what fails later is in the next Inspect. */
    CompletionStage<Answer> update(Request request) throws JsonException {
        String path = path(request);
        return request.gateway().admit(path).thenCompose(admitted -> {
            CompletableFuture<?> update = request.gateway().update(path).toCompletableFuture();
            return update.isCompletedExceptionally() ? update.thenApply(result -> Answer.DONE) : done(Answer.DONE);
        });
    }

    /** Answers when the update is over, with how it ended. */
    CompletionStage<Answer> updateToItsEnd(Request request) throws JsonException {
        String path = path(request);
        return request.gateway()
                .admit(path)
                .thenCompose(admitted -> request.gateway().update(path))
                .thenApply(result -> Answer.json(SystemJson.write(result)));
    }

    CompletionStage<Answer> plan(Request request) throws JsonException {
        return request.gateway().plan(path(request)).thenApply(plan -> Answer.json(SystemJson.write(plan)));
    }

    CompletionStage<Answer> progress(Request request) {
        return done(Answer.json(SystemJson.write(request.gateway().progress())));
    }

    CompletionStage<Answer> cancel(Request request) {
        request.gateway().cancel();
        return done(Answer.DONE);
    }

    private static String path(Request request) throws JsonException {
        Map<String, @Nullable Object> body = object(request.body());
        Object path = body.getOrDefault("path", body.getOrDefault("file", ""));
        if (path instanceof String text) {
            return text;
        }
        throw new JsonException("path: a string is expected");
    }

    CompletionStage<Answer> start(Request request) throws JsonException {
        Map<String, String> configuration = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> variable :
                object(request.body()).entrySet()) {
            if (!(variable.getValue() instanceof String value)) {
                throw new JsonException(variable.getKey() + ": a string is expected");
            }
            configuration.put(variable.getKey(), value);
        }
        return patiently(
                request,
                request.gateway()
                        .startInstance(request.service(), request.instance(), configuration)
                        .thenApply(address -> Answer.json(address.isEmpty() ? Map.of() : Map.of("address", address))));
    }

    CompletionStage<Answer> stop(Request request) {
        return request.gateway()
                .stopInstance(request.service(), request.instance())
                .thenApply(nothing -> Answer.DONE);
    }

    CompletionStage<Answer> report(Request request) throws JsonException {
        Map<String, Object> values = withoutNulls(Json.object(request.body()));
        request.gateway().report(request.service(), request.instance(), values);
        return done(Answer.DONE);
    }

    CompletionStage<Answer> restart(Request request) {
        return patiently(request, request.gateway().restart(request.service()).thenApply(nothing -> Answer.DONE));
    }

    private CompletionStage<Answer> patiently(Request request, CompletionStage<Answer> stage) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Future<?> limit = request.timer()
                .schedule(
                        () -> answer.complete(Answer.refusal(400, reasonToWait(request))),
                        patience.toNanos(),
                        TimeUnit.NANOSECONDS);
        stage.whenComplete((result, failure) -> {
            limit.cancel(false);
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    private static String reasonToWait(Request request) {
        return request.gateway().inspect().services().stream()
                .filter(service -> service.name().equals(request.service()))
                .flatMap(service -> service.instances().stream())
                .filter(instance ->
                        request.instance().isEmpty() || instance.name().equals(request.instance()))
                .filter(instance -> !instance.reason().isEmpty())
                .map(instance -> instance.status().word() + ": " + instance.reason())
                .findFirst()
                .orElse("pending: it is on its way");
    }

    private static Map<String, @Nullable Object> object(byte[] body) throws JsonException {
        return body.length == 0 ? Map.of() : Json.object(body);
    }

    /** A value that is null says nothing of an instance. */
    private static Map<String, Object> withoutNulls(Map<?, ?> members) throws JsonException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : members.entrySet()) {
            if (member.getValue() != null) {
                values.put(String.valueOf(member.getKey()), withoutNulls(member.getValue()));
            }
        }
        return values;
    }

    private static Object withoutNulls(Object value) throws JsonException {
        if (value instanceof Map<?, ?> members) {
            return withoutNulls(members);
        }
        if (value instanceof List<?> list) {
            List<Object> elements = new ArrayList<>();
            for (Object element : list) {
                if (element == null) {
                    throw new JsonException("null is not allowed in a list");
                }
                elements.add(withoutNulls(element));
            }
            return elements;
        }
        return value;
    }

    private static CompletionStage<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
