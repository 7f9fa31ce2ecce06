package io.openedge.master.update;

import io.openedge.config.GatewayConfig;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.work.Time;
import io.openedge.master.work.Workers;

/**
 * What updates work with. Immutable.
 *
 * @param deployments reads applications
 * @param sets opens what updates name
 * @param gate decides which of them may come in
 * @param planner says what has to happen
 * @param rules what a new application must keep
 * @param groundwork brings what an application needs
 * @param changer engines and services
 * @param supervisor of the services
 * @param files application.yml and the one before
 * @param journal the story of the last update
 * @param workers threads
 * @param time of the host
 * @param limits how long an update may wait
 */
record Parts(
        Deployments deployments,
        ApplicationSets sets,
        TrustGate gate,
        Planner planner,
        NewApplication rules,
        Groundwork groundwork,
        Changer changer,
        Supervisor supervisor,
        ApplicationFiles files,
        Journal journal,
        Workers workers,
        Time time,
        GatewayConfig.Update limits) {}
