package io.openedge.agent;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.archive.Durable;
import io.openedge.config.Applications;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.Software;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A gateway whose application is a file in a work directory, and that refuses what it is told to. */
final class FakeGateway implements Gateway {
    /** Paths that updates named. */
    final List<String> updates = new CopyOnWriteArrayList<>();

    volatile Function<AppConfig, CompletionStage<UpdateResult>> rule;
    volatile UpdateProgress progress = UpdateProgress.NONE;
    volatile String error = "";

    private final Path work;

    FakeGateway(Path work) {
        this.work = work;
        this.rule = application ->
                CompletableFuture.completedFuture(new UpdateResult(Outcome.COMMITTED, application.version(), ""));
    }

    private Path application() {
        return work.resolve("var/db/openedge/application.yml");
    }

    String version() {
        try {
            return Applications.read(application(), warning -> {}).version();
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Inspect inspect() {
        Software software = new Software("linux", "amd64", work.toString(), "osgi", "java 17", "0.1.0", version());
        return new Inspect(error, Instant.EPOCH, software, Hardware.UNKNOWN, List.of(), List.of(), progress);
    }

    @Override
    public CompletionStage<UpdateResult> update(String path) {
        updates.add(path);
        try {
            Path file = work.resolve(path).resolve("application.yml");
            AppConfig application = Applications.read(file, warning -> {});
            return rule.apply(application).thenApply(result -> {
                if (result.outcome() == Outcome.COMMITTED) {
                    put(file);
                }
                return result;
            });
        } catch (ConfigException e) {
            return CompletableFuture.failedFuture(new GatewayException(Kind.INVALID, e.getMessage()));
        }
    }

    private void put(Path file) {
        try {
            Durable.write(application(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public CompletionStage<UpdatePlan> plan(String path) {
        throw new AssertionError("not asked for");
    }

    @Override
    public void cancel() {
        throw new AssertionError("not asked for");
    }

    @Override
    public UpdateProgress progress() {
        return progress;
    }

    @Override
    public CompletionStage<Void> restart(String service) {
        throw new AssertionError("not asked for");
    }

    @Override
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        throw new AssertionError("not asked for");
    }

    @Override
    public CompletionStage<Void> stopInstance(String service, String instance) {
        throw new AssertionError("not asked for");
    }

    @Override
    public void report(String service, String instance, Map<String, Object> values) {
        throw new AssertionError("not asked for");
    }

    @Override
    public int availablePort() {
        throw new AssertionError("not asked for");
    }

    @Override
    public boolean settled() {
        return true;
    }
}
