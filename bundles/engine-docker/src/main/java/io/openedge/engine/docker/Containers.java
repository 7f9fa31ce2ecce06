package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Network;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes containers, with what they need. Thread rule: any thread; blocks. */
final class Containers {
    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

    private final Daemon daemon;
    private final Images images;
    private final Identity identity;
    private final FolderOwners owners;
    private final Path signs;
    private volatile Optional<String> hostAddress = Optional.empty();

    /** Of two that make the same network at the same time, some daemons make two: nobody could be connected to it any more. */
    private final Semaphore network = new Semaphore(1);

    /** @param signs the folder where modules say that they work */
    Containers(Daemon daemon, Images images, Identity identity, Path signs) {
        this.daemon = daemon;
        this.images = images;
        this.identity = identity;
        this.owners = new FolderOwners(daemon);
        this.signs = signs;
    }

    /** A new container, which does not run yet. */
    Body make(InstanceSpec spec, Blueprint blueprint) throws EngineException, InterruptedException {
        requireNetwork();
        Confinement confinement = Confinement.of(
                blueprint.service(), images.config(blueprint.service().image()), Owner.ofGateway());
        Optional<ReadySign> sign =
                confinement.module() ? Optional.of(new ReadySign(signs.resolve(spec.name()))) : Optional.empty();
        Body wanted = new Body("", Endpoint.pick(spec), sign);
        reset(wanted);
        Body made = wanted.withId(create(spec, blueprint, confinement, wanted));
        try {
            owners.settle(made.id(), blueprint);
        } catch (EngineException e) {
            LOG.warn("{}: {}", spec.name(), e.getMessage());
        }
        return made;
    }

    private String create(InstanceSpec spec, Blueprint blueprint, Confinement confinement, Body wanted)
            throws EngineException {
        String image = blueprint.service().image();
        try {
            return daemon.create(image, request -> blueprint.container(request, spec, confinement, wanted));
        } catch (DaemonException e) {
            if (!e.is(DaemonException.Kind.CONFLICT)) {
                throw e;
            }
            makeRoom(spec.name());
            return daemon.create(image, request -> blueprint.container(request, spec, confinement, wanted));
        }
    }

    /** It does not say any more that it works. */
    static void reset(Body body) throws EngineException {
        try {
            if (body.sign().isPresent()) {
                body.sign().get().reset();
            }
        } catch (IOException e) {
            throw new EngineException("the folder for what it says cannot be made: " + e, e);
        }
    }

    /** A container of that name is there: what a crash or a failed stop of ours left is removed, a stranger's is not. */
    private void makeRoom(String name) throws EngineException {
        Optional<InspectContainerResponse> found = daemon.containerNamed(name);
        if (found.isEmpty()) {
            return;
        }
        if (!identity.isOurs(labels(found.get()))) {
            throw new EngineException("the name '" + name + "' is taken by a container that is not this gateway's ("
                    + found.get().getId() + "): remove or rename it, or give the service another name");
        }
        LOG.info("{}: a container that was left behind is removed", name);
        daemon.remove(found.get().getId());
    }

    static Map<String, String> labels(InspectContainerResponse container) {
        return Optional.ofNullable(container.getConfig())
                .map(config -> config.getLabels())
                .orElse(Map.of());
    }

    /** All containers of gateways are on one network, where each finds the others by name. */
    void requireNetwork() throws DaemonException, InterruptedException {
        network.acquire();
        try {
            List<Network> there = daemon.networks(Blueprint.NETWORK);
            if (there.isEmpty()) {
                daemon.createNetwork(Blueprint.NETWORK, Identity.ANY);
                LOG.info("network {} is made", Blueprint.NETWORK);
                there = daemon.networks(Blueprint.NETWORK);
            }
            hostAddress = there.stream().flatMap(Containers::gateways).findFirst();
        } catch (DaemonException e) {
            if (!e.is(DaemonException.Kind.CONFLICT)) { // another gateway was faster
                throw e;
            }
        } finally {
            network.release();
        }
    }

    private static Stream<String> gateways(Network network) {
        return Optional.ofNullable(network.getIpam()).map(Network.Ipam::getConfig).stream()
                .flatMap(List::stream)
                .flatMap(part -> Optional.ofNullable(part.getGateway()).stream())
                .filter(address -> !address.isEmpty());
    }

    /** Where containers reach this host: its address in their network, once that has been needed. Answers at once. */
    Optional<String> hostAddress() {
        return hostAddress;
    }

    /** The state of a container that is still there. */
    Optional<ContainerState> state(Body body) throws DaemonException {
        return daemon.container(body.id()).map(InspectContainerResponse::getState);
    }
}
