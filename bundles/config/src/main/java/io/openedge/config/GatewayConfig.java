package io.openedge.config;

import io.openedge.app.InvalidValueException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What openedge.yml says. Immutable; absent texts are empty.
 *
 * @param mode the engine of services that name none; default docker
 * @param grace how long an instance may take to stop before it is killed; default 30 s
 * @param pidfile relative: in the work directory; default /var/run/openedge.pid
 * @param server where the API is served
 * @param logger of the gateway
 * @param update how long updates of the application may wait
 * @param trust whose applications may come in
 * @param users for the services of functions that name none
 */
public record GatewayConfig(
        Mode mode,
        Duration grace,
        String pidfile,
        Server server,
        LoggerConfig logger,
        Update update,
        Trust trust,
        UserRange users) {
    public GatewayConfig {
        mode = mode == null ? Mode.DOCKER : mode;
        grace = grace == null ? Duration.ofSeconds(30) : grace;
        if (grace.isNegative()) {
            throw new InvalidValueException("grace", grace, "a duration of zero or more");
        }
        pidfile = pidfile == null ? "/var/run/openedge.pid" : pidfile;
        server = server == null ? new Server(null, null, null, null, null, null) : server;
        logger = logger == null ? LoggerConfig.DEFAULT : logger;
        update = update == null ? Update.DEFAULT : update;
        trust = trust == null ? Trust.ANYBODY : trust;
        users = users == null ? UserRange.NONE : users;
    }

    /** The engines. */
    public enum Mode {
        DOCKER,
        NATIVE,
        OSGI;

        /** The word of the file: docker, native or osgi. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who may call what. */
    public enum Permissions {
        /** Rights by image and by {@code permissions:} of a service. */
        STRICT,
        /** The old rule: any token may do everything. */
        OPEN
    }

    /**
     * Where the API is served.
     *
     * @param address {@code unix://PATH} or {@code tcp://HOST:PORT}; default unix:///var/run/openedge.sock
     * @param timeout of an idle connection; default 5 min
     * @param ca of clients
     * @param cert of the server
     * @param key of the server
     * @param permissions default strict
     */
    public record Server(
            String address, Duration timeout, String ca, String cert, String key, Permissions permissions) {
        public Server {
            address = address == null ? "unix:///var/run/openedge.sock" : address;
            if (!address.matches("unix://.+|tcp://.+:\\d{1,5}") || portOf(address) > 0xFFFF) {
                throw new InvalidValueException("address", address, "unix://PATH or tcp://HOST:PORT, PORT up to 65535");
            }
            timeout = timeout == null ? Duration.ofMinutes(5) : timeout;
            ca = ca == null ? "" : ca;
            cert = cert == null ? "" : cert;
            key = key == null ? "" : key;
            permissions = permissions == null ? Permissions.STRICT : permissions;
        }

        private static int portOf(String address) {
            return address.startsWith("tcp://") ? Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)) : 0;
        }
    }

    /**
     * Whose applications may come in.
     *
     * @param keys files with public keys, relative ones in the work directory; with none, applications need no signature
     */
    public record Trust(List<String> keys) {
        /** Who may update may bring any application. */
        public static final Trust ANYBODY = new Trust(List.of());

        public Trust {
            keys = keys == null ? List.of() : List.copyOf(keys);
        }
    }

    /**
     * How long an update may wait.
     *
     * @param defer for services that say they are busy
     * @param start for what it starts to run
     */
    public record Update(Limit defer, Limit start) {
        /** Five minutes for busy services, one for a start. */
        public static final Update DEFAULT = new Update(null, null);

        public Update {
            defer = defer == null || defer.max() == null ? new Limit(Duration.ofMinutes(5)) : defer;
            start = start == null || start.max() == null ? new Limit(Duration.ofMinutes(1)) : start;
        }
    }

    /** @param max the longest time */
    public record Limit(Duration max) {
        public Limit {
            if (max != null && max.isNegative()) {
                throw new InvalidValueException("max", max, "a duration of zero or more");
            }
        }
    }
}
