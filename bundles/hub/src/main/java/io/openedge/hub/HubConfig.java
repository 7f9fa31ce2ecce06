package io.openedge.hub;

import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.hub.auth.Secret;
import io.openedge.hub.route.RoutingRules;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.transport.CertificateFiles;
import io.openedge.hub.transport.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The hub's service.yml. Immutable; absent texts are empty, absent lists have no entries.
 *
 * @param listen where clients connect: tcp, ssl, ws and wss; port 0 takes a free one
 * @param certificate of ssl and wss listeners
 * @param principals who may connect; none: nobody
 * @param subscriptions topic routing; a routed message may be routed again
 * @param message limits and buffers
 * @param limits how much clients may ask for
 * @param status log of the hub's own state
 * @param metrics report of the hub's own counters
 * @param storage where a durable store keeps its files
 * @param shutdown how long a stop may take
 * @param logger of this module
 */
public record HubConfig(
        List<String> listen,
        Certificate certificate,
        List<PrincipalConfig> principals,
        List<RuleConfig> subscriptions,
        MessageConfig message,
        LimitsConfig limits,
        Status status,
        Metrics metrics,
        Storage storage,
        Shutdown shutdown,
        LoggerConfig logger) {

    public HubConfig {
        listen = listen == null ? List.of() : List.copyOf(listen);
        for (int i = 0; i < listen.size(); i++) {
            if (ListenAddress.parse(listen.get(i)).isEmpty()) {
                throw new InvalidValueException("listen[" + i + "]", listen.get(i), ListenAddress.ALLOWED);
            }
        }
        certificate = certificate == null ? new Certificate(null, null, null, null) : certificate;
        principals = principals == null ? List.of() : List.copyOf(principals);
        refuseEqualNames(principals);
        subscriptions = subscriptions == null ? List.of() : List.copyOf(subscriptions);
        message = message == null ? MessageConfig.DEFAULT : message;
        limits = limits == null ? LimitsConfig.DEFAULT : limits;
        RoutingRules.of(subscriptions, limits.topic().limits());
        status = status == null ? new Status(null) : status;
        metrics = metrics == null ? new Metrics(null, null) : metrics;
        storage = storage == null ? new Storage(null) : storage;
        shutdown = shutdown == null ? new Shutdown(null) : shutdown;
        logger = logger == null ? LoggerConfig.DEFAULT : logger;
    }

    private static void refuseEqualNames(List<PrincipalConfig> principals) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < principals.size(); i++) {
            if (!names.add(principals.get(i).username())) {
                throw new InvalidValueException(
                        "principals[" + i + "].username",
                        principals.get(i).username(),
                        "a name that no other principal has");
            }
        }
    }

    /** Principals that any certificate of the authorities opens, since it need not bear their name. */
    List<String> openToEveryCertificate() {
        boolean asked = !certificate.ca().isEmpty()
                && listen.stream()
                        .flatMap(text -> ListenAddress.parse(text).stream())
                        .anyMatch(ListenAddress::secure);
        return asked && certificate.match().isEmpty()
                ? principals.stream()
                        .filter(principal -> principal.password().isEmpty())
                        .map(PrincipalConfig::username)
                        .toList()
                : List.of();
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static Duration positive(String key, Duration value, Duration byDefault) {
        Duration duration = value == null || value.isZero() ? byDefault : value;
        if (duration.isNegative()) {
            throw new InvalidValueException(key, value, "a duration of more than zero");
        }
        return duration;
    }

    /**
     * Certificates of ssl and wss listeners: PEM files, relative to the directory of the service.
     *
     * @param ca of clients; empty: they are not asked for a certificate
     * @param cert of the hub
     * @param key of the hub
     * @param match {@code subject}: the certificate of a client must bear the username
     */
    public record Certificate(String ca, String cert, String key, String match) {
        public Certificate {
            ca = text(ca);
            cert = text(cert);
            key = text(key);
            match = text(match);
            if (!match.isEmpty() && !match.equals("subject")) {
                throw new InvalidValueException("match", match, "subject, or nothing");
            }
        }

        CertificateFiles in(Path directory) {
            return new CertificateFiles(directory, ca, cert, key);
        }
    }

    /**
     * Somebody who may connect.
     *
     * @param username as in CONNECT
     * @param password plain, or a hash as {@link Secret} says; empty: a client certificate is needed
     * @param permissions what may be published and subscribed; none: nothing
     */
    public record PrincipalConfig(String username, String password, List<PermissionConfig> permissions) {
        public PrincipalConfig {
            username = text(username);
            if (username.isEmpty()) {
                throw new InvalidValueException("username", username, "a name");
            }
            password = text(password);
            refuseWrongHash(password);
            permissions = permissions == null ? List.of() : List.copyOf(permissions);
        }

        @Override
        public String toString() {
            return "PrincipalConfig[" + username + "]";
        }

        private static void refuseWrongHash(String password) {
            try {
                Secret.of(password);
            } catch (IllegalArgumentException e) {
                throw new InvalidValueException("password", password.replaceFirst("}.*", "}…"), Secret.ALLOWED);
            }
        }
    }

    /** What a permission is for. */
    public enum Action {
        PUB,
        SUB
    }

    /**
     * Topics a principal may use.
     *
     * @param action publish or subscribe
     * @param permit topic filters
     */
    public record PermissionConfig(Action action, List<String> permit) {
        public PermissionConfig {
            if (action == null) {
                throw new InvalidValueException("action", "", "pub or sub");
            }
            permit = permit == null ? List.of() : List.copyOf(permit);
            for (int i = 0; i < permit.size(); i++) {
                if (TopicFilter.parse(permit.get(i), TopicLimits.NONE).isEmpty()) {
                    throw new InvalidValueException("permit[" + i + "]", permit.get(i), "a topic filter");
                }
            }
        }
    }

    /**
     * A rule of topic routing.
     *
     * @param source what is taken; may hold wildcards
     * @param target where it is published again
     */
    public record RuleConfig(Endpoint source, Endpoint target) {
        public RuleConfig {
            if (source == null) {
                throw new InvalidValueException("source", "", "a topic filter with a QoS");
            }
            if (target == null) {
                throw new InvalidValueException("target", "", "a topic with a QoS");
            }
        }
    }

    /**
     * One side of a rule.
     *
     * @param topic a filter as source, a topic as target
     * @param qos the highest QoS that passes: 0, 1 or 2
     */
    public record Endpoint(String topic, int qos) {
        public Endpoint {
            topic = text(topic);
            if (topic.isEmpty()) {
                throw new InvalidValueException("topic", topic, "a topic");
            }
            if (qos < 0 || qos > 2) {
                throw new InvalidValueException("qos", qos, "0, 1 or 2");
            }
        }
    }

    /** @param logging whether and how often; read, not used yet */
    public record Status(Logging logging) {
        public Status {
            logging = logging == null ? new Logging(false, null) : logging;
        }
    }

    /**
     * @param enable whether the state is logged
     * @param interval how often
     */
    public record Logging(boolean enable, Duration interval) {
        public Logging {
            interval = positive("interval", interval, Duration.ofMinutes(1));
        }
    }

    /**
     * @param report how often counters are reported
     * @param listen {@code HOST:PORT} where Prometheus reads them; empty: nowhere
     */
    public record Metrics(Report report, String listen) {
        public Metrics {
            listen = text(listen);
            if (!listen.isEmpty() && ListenAddress.parse("tcp://" + listen).isEmpty()) {
                throw new InvalidValueException("listen", listen, "HOST:PORT, such as 127.0.0.1:9105");
            }
            report = report == null ? new Report(null) : report;
        }
    }

    /** @param interval how often */
    public record Report(Duration interval) {
        public Report {
            interval = positive("interval", interval, Duration.ofMinutes(1));
        }
    }

    /** @param dir in the service directory; read, not used yet */
    public record Storage(String dir) {
        public Storage {
            dir = dir == null || dir.isEmpty() ? "var/db/openedge/data" : dir;
        }
    }

    /** @param timeout how long a stop may take at most */
    public record Shutdown(Duration timeout) {
        public Shutdown {
            timeout = positive("timeout", timeout, Duration.ofMinutes(10));
        }
    }
}
