package io.openedge.module.host;

import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.Inspect;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Instead of a gateway, for an instance that has none to ask: what it reports is dropped with one note, everything else is
 * refused. Thread rule: any thread.
 */
final class AbsentGateway implements Gateway {
    private final String reason;
    private final Logger log;
    private final AtomicBoolean said = new AtomicBoolean();

    /** @param reason why there is none */
    AbsentGateway(String reason, Logger log) {
        this.reason = reason;
        this.log = log;
    }

    @Override
    public Inspect inspect() {
        throw refusal();
    }

    @Override
    public CompletionStage<UpdatePlan> plan(String path) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletionStage<Void> admit(String path) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletionStage<UpdateResult> update(String path) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public void cancel() {
        throw refusal();
    }

    @Override
    public UpdateProgress progress() {
        throw refusal();
    }

    @Override
    public CompletionStage<Void> restart(String service) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletionStage<Void> stopInstance(String service, String instance) {
        return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public void report(String service, String instance, Map<String, Object> values) {
        if (said.compareAndSet(false, true)) {
            log.info("what this module reports goes nowhere: {}", reason);
        }
    }

    @Override
    public int availablePort() {
        throw refusal();
    }

    @Override
    public boolean settled() {
        throw refusal();
    }

    private GatewayException refusal() {
        return new GatewayException(Kind.UNSUPPORTED, reason);
    }
}
