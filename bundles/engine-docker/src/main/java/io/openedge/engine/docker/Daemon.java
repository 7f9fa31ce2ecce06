package io.openedge.engine.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the engine asks of the Docker daemon: each method is one command of Docker. Containers are named by their full id, or
 * by their exact name where it says so. Thread rule: any thread; what returns a stream is served by a thread of the library.
 */
final class Daemon {
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration KILL = Duration.ofSeconds(15);
    private static final int ID_LENGTH = 64;
    private static final int OK = 200;
    private static final int LONGEST_ANSWER = 1 << 16;

    private final Connection connection;

    Daemon(Connection connection) {
        this.connection = connection;
    }

    void ping() throws DaemonException {
        connection.ask(SHORT, client -> client.pingCmd().exec());
    }

    /** Whether there is an image of that name on this host, and what it says. */
    Optional<InspectImageResponse> image(String name) throws DaemonException {
        return there(() ->
                connection.ask(LONG, client -> client.inspectImageCmd(name).exec()));
    }

    /** Asks the registry of an image for it, without pulling; with the login that a pull would use. */
    void askRegistry(String image) throws DaemonException {
        Map<String, String> login = connection.ask(SHORT, client -> login(client, image));
        connection.askBelow(LONG, http -> {
            var request = DockerHttpClient.Request.builder()
                    .method(DockerHttpClient.Request.Method.GET)
                    .path("/distribution/" + image + "/json")
                    .putAllHeaders(login)
                    .build();
            try (DockerHttpClient.Response response = http.execute(request);
                    InputStream body = response.getBody()) {
                String said = new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
                if (response.getStatusCode() != OK) {
                    throw new DockerException(said, response.getStatusCode());
                }
                return said;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Map<String, String> login(DockerClient client, String image) {
        try {
            AuthConfig login = client.pullImageCmd(image).getAuthConfig();
            if (login == null) {
                return Map.of();
            }
            byte[] json = DockerClientConfig.getDefaultObjectMapper().writeValueAsBytes(login);
            return Map.of("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(json));
        } catch (IllegalArgumentException e) { // no name of an image: the daemon says so
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to pull. */
    void pull(String name, ResultCallback<PullResponseItem> heard) throws DaemonException {
        connection.ask(LONG, client -> client.pullImageCmd(name).exec(heard));
    }

    /** The networks whose name is exactly that. */
    List<Network> networks(String name) throws DaemonException {
        List<Network> all = connection.ask(
                SHORT, client -> client.listNetworksCmd().withNameFilter(name).exec());
        return all.stream().filter(network -> name.equals(network.getName())).toList();
    }

    /** Makes a bridge. */
    void createNetwork(String name, Map<String, String> labels) throws DaemonException {
        connection.ask(
                LONG,
                client -> client.createNetworkCmd()
                        .withName(name)
                        .withDriver("bridge")
                        .withCheckDuplicate(true)
                        .withLabels(labels)
                        .exec());
    }

    /** @return the id of the new container */
    String create(String image, UnaryOperator<CreateContainerCmd> request) throws DaemonException {
        return connection
                .ask(
                        LONG,
                        client ->
                                request.apply(client.createContainerCmd(image)).exec())
                .getId();
    }

    /** Without effect on one that runs. */
    void start(String id) throws DaemonException {
        connection.ask(LONG, client -> {
            try {
                return client.startContainerCmd(id).exec();
            } catch (NotModifiedException e) {
                return null;
            }
        });
    }

    /** By id. */
    Optional<InspectContainerResponse> container(String id) throws DaemonException {
        return inspect(id).filter(found -> id.length() == ID_LENGTH && id.equals(found.getId()));
    }

    /** By its exact name: the daemon itself would take the beginning of an id as well. */
    Optional<InspectContainerResponse> containerNamed(String name) throws DaemonException {
        return inspect(name).filter(found -> ("/" + name).equals(found.getName()));
    }

    private Optional<InspectContainerResponse> inspect(String idOrName) throws DaemonException {
        return there(() -> connection.ask(
                SHORT, client -> client.inspectContainerCmd(idOrName).exec()));
    }

    /** All containers with these labels, whether they run or not. */
    List<Container> labelled(Map<String, String> labels) throws DaemonException {
        return connection.ask(
                LONG,
                client -> client.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(labels)
                        .exec());
    }

    /** Stops it with the signal that its image names, and kills it after the grace; without effect when it does not run. */
    void stop(String id, Duration grace) throws DaemonException {
        int seconds = (int) Math.min(Integer.MAX_VALUE, grace.plusMillis(999).toSeconds());
        try {
            connection.ask(grace.plus(KILL), client -> {
                try {
                    return client.stopContainerCmd(id).withTimeout(seconds).exec();
                } catch (NotModifiedException e) {
                    return null;
                }
            });
        } catch (DaemonException e) {
            if (!e.is(DaemonException.Kind.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /** Kills and removes it with the volumes that only it had; without effect when it is gone or going. */
    void remove(String id) throws DaemonException {
        try {
            connection.ask(
                    LONG,
                    client -> client.removeContainerCmd(id)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (DaemonException e) {
            if (!e.is(DaemonException.Kind.CONFLICT) && !e.is(DaemonException.Kind.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /** @return the id of the command, which does not run yet */
    String prepareExec(String id, List<String> command) throws DaemonException {
        return connection
                .ask(
                        SHORT,
                        client -> client.execCreateCmd(id)
                                .withCmd(command.toArray(String[]::new))
                                .withAttachStdout(true)
                                .withAttachStderr(true)
                                .exec())
                .getId();
    }

    void runExec(String exec, ResultCallback<Frame> output) throws DaemonException {
        connection.ask(SHORT, client -> client.execStartCmd(exec).exec(output));
    }

    InspectExecResponse exec(String exec) throws DaemonException {
        return connection.ask(SHORT, client -> client.inspectExecCmd(exec).exec());
    }

    /**
     * What it writes, with the daemon's time before each line.
     *
     * @param follow whether also what it will write
     */
    void output(String id, int sinceSeconds, boolean follow, ResultCallback<Frame> heard) throws DaemonException {
        connection.ask(
                SHORT,
                client -> client.logContainerCmd(id)
                        .withStdOut(true)
                        .withStdErr(true)
                        .withTimestamps(true)
                        .withSince(sinceSeconds)
                        .withFollowStream(follow)
                        .exec(heard));
    }

    /** Hears of ends of containers with that label. */
    void events(Map<String, String> labels, ResultCallback<Event> heard) throws DaemonException {
        connection.ask(
                SHORT,
                client -> client.eventsCmd()
                        .withEventTypeFilter("container")
                        .withEventFilter("die")
                        .withLabelFilter(labels)
                        .exec(heard));
    }

    /** What it uses at this moment: the daemon measures once and does not wait a second for another measure. */
    Statistics statistics(String id) throws DaemonException {
        return connection.askBelow(SHORT, http -> {
            var request = DockerHttpClient.Request.builder()
                    .method(DockerHttpClient.Request.Method.GET)
                    .path("/containers/" + id + "/stats?stream=false&one-shot=true")
                    .build();
            try (DockerHttpClient.Response response = http.execute(request);
                    InputStream body = response.getBody()) {
                if (response.getStatusCode() != 200) {
                    throw new DockerException("no statistics", response.getStatusCode());
                }
                return DockerClientConfig.getDefaultObjectMapper().readValue(body, Statistics.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A file of a container as a tar archive; the caller closes it. */
    Optional<InputStream> file(String id, String path) throws DaemonException {
        return there(() -> connection.ask(
                SHORT, client -> client.copyArchiveFromContainerCmd(id, path).exec()));
    }

    private static <T> Optional<T> there(Question<T> question) throws DaemonException {
        try {
            return Optional.of(question.ask());
        } catch (DaemonException e) {
            if (e.is(DaemonException.Kind.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws DaemonException;
    }
}
