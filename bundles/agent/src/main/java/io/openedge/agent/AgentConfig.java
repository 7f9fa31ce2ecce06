package io.openedge.agent;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.mqtt.MqttClientConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;

/**
 * The configuration of an agent. Immutable.
 *
 * @param remote the cloud
 * @param limits of what comes from it
 * @param logger of the instance
 */
public record AgentConfig(Remote remote, Limits limits, LoggerConfig logger) {
    public AgentConfig {
        if (remote == null) {
            throw new InvalidValueException("remote", "", "mqtt: and http: of the cloud");
        }
        limits = limits == null ? new Limits(null, null, null, 0) : limits;
        logger = logger == null ? LoggerConfig.DEFAULT : logger;
    }

    /**
     * The cloud.
     *
     * @param mqtt where events come from; mutual TLS and a client id are needed
     * @param http where files come from and reports go
     * @param report how and how often
     * @param desire where events come from
     */
    public record Remote(MqttClientConfig mqtt, Http http, Report report, Desire desire) {
        public Remote {
            if (mqtt == null) {
                throw new InvalidValueException("mqtt", "", "address, ca, cert, key and clientid of the cloud");
            }
            if (!mqtt.address().matches("(ssl|mqtts|wss)://.+")) {
                throw new InvalidValueException("mqtt.address", mqtt.address(), "ssl:// or wss:// with host and port");
            }
            require("mqtt.ca", mqtt.ca(), "the file of the cloud's authority");
            require("mqtt.cert", mqtt.cert(), "the file of this gateway's certificate");
            require("mqtt.key", mqtt.key(), "the file of its key");
            require("mqtt.clientid", mqtt.clientId(), "the name of this gateway in the cloud");
            http = (http == null ? new Http("", "", null, "", "", "", "", false) : http).forCloud(mqtt.address());
            report = report == null ? new Report("", "", null, null) : report;
            desire = desire == null ? new Desire("") : desire;
        }
    }

    /**
     * The HTTPS server of the cloud.
     *
     * @param address {@code https://HOST[:PORT]}
     * @param ca file of authorities that are trusted beside the system's
     * @param timeout how long nothing may come
     * @param username for the server; empty: none
     * @param password of it
     * @param cert file of a client certificate; empty: none
     * @param key file of its key
     * @param insecure whether the server is not verified; tests only
     */
    public record Http(
            String address,
            String ca,
            Duration timeout,
            String username,
            String password,
            String cert,
            String key,
            boolean insecure) {
        public Http {
            address = text(address);
            ca = text(ca);
            timeout = timeout == null ? Duration.ofMinutes(5) : timeout;
            username = text(username);
            password = text(password);
            cert = text(cert);
            key = text(key);
            if (!address.isEmpty() && !(address.matches("https://[^/@\\s]+/?") && hasHost(address))) {
                throw new InvalidValueException("address", address, "https://HOST or https://HOST:PORT");
            }
            if (timeout.isNegative()) {
                throw new InvalidValueException("timeout", timeout, "a duration such as 5m");
            }
        }

        /** A name with an underscore is none for a URI. */
        private static boolean hasHost(String address) {
            try {
                return new URI(address).getHost() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        /** Older configurations leave the address out: it follows from the one of MQTT. */
        private Http forCloud(String mqtt) {
            require("http.ca", ca, "the file of the authority of the cloud's HTTPS server");
            String region = mqtt.contains("bj.baidubce.com") ? "bj" : mqtt.contains("gz.baidubce.com") ? "gz" : "";
            if (address.isEmpty() && region.isEmpty()) {
                throw new InvalidValueException("http.address", "", "https://HOST or https://HOST:PORT");
            }
            String given = address.isEmpty() ? "https://iotedge." + region + ".baidubce.com" : address;
            return new Http(given, ca, timeout, username, password, cert, key, insecure);
        }

        URI uri() {
            return URI.create(address.endsWith("/") ? address : address + "/");
        }
    }

    /**
     * The reports.
     *
     * @param url of the POST, taken on the address
     * @param topic of the message; {@code %s} is the client id
     * @param interval between two of them
     * @param format of the POST
     */
    public record Report(String url, String topic, Duration interval, Format format) {
        public Report {
            url = text(url).isEmpty() ? "/v3/edge/info" : url;
            topic = text(topic).isEmpty() ? "$baidu/iot/edge/%s/core/forward" : topic;
            interval = interval == null ? Duration.ofSeconds(20) : interval;
            format = format == null ? Format.LEGACY : format;
            if (interval.isNegative()) {
                throw new InvalidValueException("interval", interval, "a duration such as 20s");
            }
        }
    }

    /** The form of a report that is sent by POST. */
    public enum Format {
        /** As older clouds want it: encrypted with a key that is encrypted with the client's. */
        LEGACY,
        /** JSON as it is. */
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param topic of the events; {@code %s} is the client id */
    public record Desire(String topic) {
        public Desire {
            topic = text(topic).isEmpty() ? "$baidu/iot/edge/%s/core/backward" : topic;
        }
    }

    /**
     * What is taken from the cloud at most.
     *
     * @param download bytes of one archive; default 1g
     * @param unpacked bytes of one archive unpacked; default 4g
     * @param reserve what stays free on the disk; default 64m
     * @param entries of one archive; default 100000
     */
    public record Limits(ByteSize download, ByteSize unpacked, ByteSize reserve, int entries) {
        public Limits {
            download = orElse(download, 1L << 30);
            unpacked = orElse(unpacked, 4L << 30);
            reserve = orElse(reserve, 64L << 20);
            entries = entries == 0 ? 100_000 : entries;
            if (entries < 0) {
                throw new InvalidValueException("entries", entries, "1 or more");
            }
        }

        private static ByteSize orElse(ByteSize given, long bytes) {
            return given == null || given.bytes() == 0 ? new ByteSize(bytes) : given;
        }
    }

    private static String text(String given) {
        return given == null ? "" : given;
    }

    private static void require(String key, String value, String allowed) {
        if (value.isEmpty()) {
            throw new InvalidValueException(key, "", allowed);
        }
    }
}
