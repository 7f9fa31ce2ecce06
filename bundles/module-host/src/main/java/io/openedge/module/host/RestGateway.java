package io.openedge.module.host;

import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.RestException;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.Inspect;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * The gateway as a module in another process reaches it: over REST, with the token of its service.
 *
 * <p>Thread rule: any thread. What is answered at once inside the gateway ({@link #inspect},
 * {@link #availablePort}, {@link #progress}, {@link #cancel}, {@link #settled}) waits for the answer here, ten seconds at
 * most. An update runs on when this process ends before it: {@link Inspect#error} tells how it went. Stages complete on a thread of this object's own, which the module may
 * hold up.
 */
final class RestGateway implements Gateway, AutoCloseable {
    private final ServerAddress address;
    private final Credentials credentials;
    private final String fingerprint;
    private final Logger log;
    private final ThreadPoolExecutor answers;
    private final AtomicBoolean unheard = new AtomicBoolean();
    private Optional<GatewayClient> client = Optional.empty(); // guarded by this
    private boolean closed; // guarded by this

    /** @param fingerprint of the certificate that is expected there; empty: one that the system's authorities know */
    RestGateway(ServerAddress address, Credentials credentials, String fingerprint, Logger log) {
        this.address = address;
        this.credentials = credentials;
        this.fingerprint = fingerprint;
        this.log = log;
        this.answers = new ThreadPoolExecutor(
                1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon(task, "gateway-answers"));
        answers.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Inspect inspect() {
        return await(client().inspect());
    }

    @Override
    public CompletionStage<UpdatePlan> plan(String path) {
        return answer(client().plan(path));
    }

    @Override
    public CompletionStage<UpdateResult> update(String path) {
        return answer(client().updateToItsEnd(path));
    }

    @Override
    public void cancel() {
        await(client().cancelUpdate());
    }

    @Override
    public UpdateProgress progress() {
        return await(client().updateProgress());
    }

    @Override
    public CompletionStage<Void> restart(String service) {
        return answer(client().restart(service));
    }

    @Override
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        return answer(client().startInstance(service, instance, configuration));
    }

    @Override
    public CompletionStage<Void> stopInstance(String service, String instance) {
        return answer(client().stopInstance(service, instance));
    }

    /** Sent and forgotten; when reports begin or cease to be heard, that is said once. */
    @Override
    public void report(String service, String instance, Map<String, Object> values) {
        client().report(service, instance, values).whenComplete((none, failure) -> {
            if (failure != null && unheard.compareAndSet(false, true)) {
                log.warn("the gateway does not take what this module reports: {}", reason(failure));
            } else if (failure == null && unheard.compareAndSet(true, false)) {
                log.info("the gateway takes what this module reports again");
            }
        });
    }

    @Override
    public int availablePort() {
        return await(client().availablePort());
    }

    @Override
    public boolean settled() {
        return await(client().settled());
    }

    /** Made with the first call: a module that asks nothing of the gateway loads nothing for it. */
    private synchronized GatewayClient client() {
        if (closed) {
            throw new GatewayException(Kind.INVALID, "the instance has ended");
        }
        if (client.isEmpty()) {
            client = Optional.of(
                    fingerprint.isEmpty()
                            ? new GatewayClient(address, credentials)
                            : new GatewayClient(address, credentials, fingerprint));
        }
        return client.get();
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw refusal(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayException(Kind.INVALID, "interrupted");
        }
    }

    private <T> CompletionStage<T> answer(CompletableFuture<T> asked) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        asked.whenCompleteAsync(
                (result, failure) -> {
                    if (failure == null) {
                        answer.complete(result);
                    } else {
                        answer.completeExceptionally(refusal(failure));
                    }
                },
                answers);
        return answer;
    }

    private static GatewayException refusal(Throwable failure) {
        GatewayException refusal = new GatewayException(kind(cause(failure)), reason(failure));
        refusal.initCause(failure);
        return refusal;
    }

    private static Kind kind(Throwable cause) {
        int status = cause instanceof RestException answered ? answered.status() : 0;
        return switch (status) {
            case 401, 403 -> Kind.FORBIDDEN;
            case 404 -> Kind.NOT_FOUND;
            default -> Kind.INVALID;
        };
    }

    private static String reason(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof RestException
                ? String.valueOf(cause.getMessage())
                : "the gateway is not reached: " + cause.getMessage();
    }

    private static Throwable cause(Throwable failure) {
        return Optional.ofNullable(failure.getCause()).orElse(failure);
    }

    @Override
    public void close() {
        Optional<GatewayClient> open;
        synchronized (this) {
            closed = true;
            open = client;
        }
        open.ifPresent(GatewayClient::close);
        answers.shutdown();
    }
}
