package io.openedge.master.update;

import io.openedge.config.GatewayConfig;
import io.openedge.master.app.ServicePlans;
import io.openedge.master.supervise.Engines;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.work.Time;
import io.openedge.master.work.Workers;
import java.nio.file.Path;

/**
 * What updates have around them. Immutable.
 *
 * @param application application.yml
 * @param deployments reads applications
 * @param gate decides which applications may come in
 * @param plans makes of services what supervision runs
 * @param groundwork brings what an application needs
 * @param supervisor of the services
 * @param engines that are there
 * @param workers threads
 * @param time of the host
 * @param limits how long an update may wait
 */
public record Surroundings(
        Path application,
        Deployments deployments,
        TrustGate gate,
        ServicePlans plans,
        Groundwork groundwork,
        Supervisor supervisor,
        Engines engines,
        Workers workers,
        Time time,
        GatewayConfig.Update limits) {
    Parts parts(Disk disk) {
        return new Parts(
                deployments,
                new ApplicationSets(deployments, plans.workDirectory(), gate.kept()),
                gate,
                new Planner(plans.mode()),
                new NewApplication(
                        plans.workDirectory(), plans.operatorSocket(), plans.mode(), groundwork::unavailable),
                groundwork,
                new Changer(supervisor, engines, plans, groundwork::unavailable),
                supervisor,
                new ApplicationFiles(disk, application),
                Journal.beside(disk, application),
                workers,
                time,
                limits);
    }
}
