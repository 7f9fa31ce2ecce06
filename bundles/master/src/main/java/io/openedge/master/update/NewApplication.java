package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.ServiceSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.config.PublishedPort;
import io.openedge.config.PublishedPort.Range;
import io.openedge.master.app.VolumeFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an application must keep before an update touches anything, beyond the rules of its file: its folders can be used,
 * its engines can be had, no two services publish one port. Immutable; any thread.
 *
 * @param mode the engine of services that name none
 * @param unavailable why an engine cannot be had; empty: it can
 */
record NewApplication(
        Path workDirectory, Path operatorSocket, String mode, Function<String, Optional<String>> unavailable) {
    private static final String CONTAINERS = "docker";

    /** @throws InvalidValueException with a key path from the root */
    void check(AppConfig application) {
        VolumeFolders folders = new VolumeFolders(workDirectory, operatorSocket, application.volumes());
        for (int v = 0; v < application.volumes().size(); v++) {
            VolumeSpec volume = application.volumes().get(v);
            String key = "volumes[" + v + "].path";
            folders.refusal(volume).ifPresent(why -> {
                throw new InvalidValueException(
                        key, volume.path(), "a folder in the work directory, or one that can be made; this " + why);
            });
        }
        List<Published> published = new ArrayList<>();
        for (int s = 0; s < application.services().size(); s++) {
            ServiceSpec service = application.services().get(s);
            String key = "services[" + s + "]";
            String engine = service.engineIn(mode);
            unavailable.apply(engine).ifPresent(why -> {
                throw new InvalidValueException(key + ".engine", engine, "an engine of this installation; " + why);
            });
            if (engine.equals(CONTAINERS)) {
                addPorts(key, service, published);
            }
        }
    }

    private static void addPorts(String key, ServiceSpec service, List<Published> published) {
        for (int p = 0; p < service.ports().size(); p++) {
            String text = service.ports().get(p);
            PublishedPort port = PublishedPort.parse(text);
            if (port.host().equals(Range.ANY)) {
                continue;
            }
            String at = key + ".ports[" + p + "]";
            if (service.replica() > 1 && port.host().size() < service.replica()) {
                throw new InvalidValueException(
                        at, text, "a port of the host for each of the " + service.replica() + " replicas");
            }
            for (Published other : published) {
                if (other.clashes(port)) {
                    throw new InvalidValueException(
                            at, text, "a port of the host that service '" + other.service + "' does not publish");
                }
            }
            published.add(new Published(service.name(), port));
        }
    }

    private record Published(String service, PublishedPort port) {
        boolean clashes(PublishedPort other) {
            boolean sameAddress = isAll(port.address())
                    || isAll(other.address())
                    || port.address().equals(other.address());
            return sameAddress
                    && port.protocol().equals(other.protocol())
                    && port.host().first() <= other.host().last()
                    && other.host().first() <= port.host().last();
        }

        private static boolean isAll(String address) {
            return address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
        }
    }
}
