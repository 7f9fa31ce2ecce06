package io.openedge.shell.command;

import io.openedge.system.Gateways;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.ServiceStatus;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateResult;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.felix.service.command.Descriptor;

/** What the operator asks of the gateway. Thread rule: any thread. */
public final class GatewayCommands {
    /** Names of the commands. */
    public static final String[] NAMES = {"services", "instances", "inspect", "restart", "plan", "deploy"};

    private static final int PATIENCE_SECONDS = 60;
    private static final int UPDATE_SECONDS = 3600;

    private final Gateways gateways;

    /** @param gateways gives the operator's rights */
    public GatewayCommands(Gateways gateways) {
        this.gateways = gateways;
    }

    /** The services. */
    @Descriptor("the services of the application")
    public String services() {
        Table table = new Table("SERVICE", "INSTANCES", "RUNNING");
        for (ServiceStatus service : all()) {
            long running = service.instances().stream()
                    .filter(instance -> instance.status() == InstanceState.RUNNING)
                    .count();
            table.row(service.name(), String.valueOf(service.instances().size()), String.valueOf(running));
        }
        return table.toString();
    }

    /** All instances. */
    @Descriptor("the instances of all services")
    public String instances() {
        return instances(all());
    }

    /** The instances of a service. */
    @Descriptor("the instances of one service")
    public String instances(@Descriptor("name of the service") String service) {
        List<ServiceStatus> named =
                all().stream().filter(one -> one.name().equals(service)).toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("there is no service " + service);
        }
        return instances(named);
    }

    /** Everything. */
    @Descriptor("all that the gateway tells of itself; as JSON: openedge status --json")
    public String inspect() {
        return RecordText.of(gateways.operator().inspect());
    }

    /** Restarts a service. */
    @Descriptor("stop and start all instances of a service")
    public String restart(@Descriptor("name of the service") String service) throws Exception {
        try {
            gateways.operator().restart(service).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return service + " runs again";
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    service + " does not run yet after " + PATIENCE_SECONDS + " s; openedge:instances tells why", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** What an update would do. */
    @Descriptor("what an update of the application would do")
    public String plan(@Descriptor("an application.yml or its folder") String path) throws Exception {
        UpdatePlan plan = await(gateways.operator().plan(path), PATIENCE_SECONDS);
        Table table = new Table("SERVICE", "ACTION", "REASON");
        plan.steps()
                .forEach(step ->
                        table.row(step.service(), step.action().name().toLowerCase(Locale.ROOT), step.reason()));
        return table.toString();
    }

    /** Updates the application. */
    @Descriptor("update the application and wait until that is over")
    public String deploy(@Descriptor("an application.yml or its folder") String path) throws Exception {
        UpdateResult result = await(gateways.operator().update(path), UPDATE_SECONDS);
        if (result.outcome() != UpdateResult.Outcome.COMMITTED) {
            throw new IllegalStateException(
                    result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + result.reason());
        }
        return "application " + result.version() + " runs";
    }

    private static <T> T await(CompletionStage<T> answer, int seconds) throws Exception {
        try {
            return answer.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private List<ServiceStatus> all() {
        return gateways.operator().inspect().services();
    }

    private static String instances(List<ServiceStatus> services) {
        Table table = new Table("SERVICE", "INSTANCE", "STATE", "SINCE", "RESTARTS", "REASON");
        for (ServiceStatus service : services) {
            for (InstanceStatus instance : service.instances()) {
                table.row(
                        service.name(),
                        instance.name(),
                        instance.status().word(),
                        instance.startTime().equals(Instant.EPOCH)
                                ? "-"
                                : instance.startTime().toString(),
                        String.valueOf(instance.restarts()),
                        instance.reason());
            }
        }
        return table.toString();
    }
}
