package io.openedge.master;

import io.openedge.master.account.Caller;
import io.openedge.master.account.Rights.Call;
import io.openedge.master.app.DynamicConfiguration;
import io.openedge.master.status.Reported;
import io.openedge.system.Gateway;
import io.openedge.system.Inspect;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The gateway as one caller may use it. Thread rule: any thread; nothing blocks. */
final class BoundGateway implements Gateway {
    private final Core core;
    private final Caller caller;

    BoundGateway(Core core, Caller caller) {
        this.core = core;
        this.caller = caller;
    }

    @Override
    public Inspect inspect() {
        core.rights().require(caller, Call.INSPECT, "");
        return core.inspect();
    }

    @Override
    public CompletionStage<UpdatePlan> plan(String path) {
        core.rights().require(caller, Call.UPDATE, "");
        return core.updates().plan(path, isOperator());
    }

    @Override
    public CompletionStage<Void> admit(String path) {
        core.rights().require(caller, Call.UPDATE, "");
        return core.updates().admit(path, isOperator());
    }

    @Override
    public CompletionStage<UpdateResult> update(String path) {
        core.rights().require(caller, Call.UPDATE, "");
        return core.updates().update(path, isOperator());
    }

    @Override
    public void cancel() {
        core.rights().require(caller, Call.UPDATE, "");
        core.updates().cancel();
    }

    @Override
    public UpdateProgress progress() {
        core.rights().require(caller, Call.INSPECT, "");
        return core.progress();
    }

    @Override
    public CompletionStage<Void> restart(String service) {
        core.rights().require(caller, Call.INSTANCES, service);
        return core.supervisor().restart(service);
    }

    @Override
    public CompletionStage<String> startInstance(String service, String instance, Map<String, String> configuration) {
        core.rights().require(caller, Call.INSTANCES, service);
        DynamicConfiguration.check(configuration);
        return core.supervisor()
                .startInstance(service, instance, core.reach().configuration(caller, service, configuration))
                .thenApply(address -> asSeen(service, instance).orElse(address));
    }

    /** Where the caller itself reaches an instance. */
    private Optional<String> asSeen(String service, String instance) {
        return caller instanceof Caller.Service own
                ? core.supervisor().address(service, instance, own.name())
                : Optional.empty();
    }

    @Override
    public CompletionStage<Void> stopInstance(String service, String instance) {
        core.rights().require(caller, Call.INSTANCES, service);
        return core.supervisor().stopInstance(service, instance);
    }

    @Override
    public void report(String service, String instance, Map<String, Object> values) {
        core.rights().require(caller, Call.REPORT, service);
        core.supervisor().report(service, instance, before -> Reported.merge(before, values));
    }

    @Override
    public int availablePort() {
        core.rights().require(caller, Call.PORTS, "");
        return core.ports().next();
    }

    @Override
    public boolean settled() {
        core.rights().require(caller, Call.INSPECT, "");
        return core.supervisor().settled();
    }

    private boolean isOperator() {
        return caller instanceof Caller.Operator;
    }
}
