package io.openedge.cli.check;

import io.openedge.app.ConfigException;
import io.openedge.cli.app.ServiceFiles;
import io.openedge.config.ConfigReader;
import io.openedge.config.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The certificates and keys that the configurations name by ca, cert and key. Stateless. */
final class CertificateChecks {
    private static final Duration SOON = Duration.ofDays(30);
    private static final String KEY = "key";

    private CertificateChecks() {}

    /** A certificate that several configurations name is looked at once. */
    static void dates(Subject subject, Report report) {
        Map<Path, String> files = new LinkedHashMap<>();
        named(subject.conf(), "", subject.workDirectory()::resolve, files);
        for (ServiceFiles service : subject.services()) {
            named(service.configuration(), "service " + service.service().name() + ": ", service::host, files);
        }
        files.forEach((file, kind) -> {
            try {
                if (kind.endsWith(KEY)) {
                    Pem.privateKey(file);
                } else {
                    judge(kind, file, subject.clock().instant(), report);
                }
            } catch (ConfigException e) {
                report.fail("certificates", kind + ": " + e.getMessage(), "");
            }
        });
    }

    private static void judge(String kind, Path file, Instant now, Report report) throws ConfigException {
        List<X509Certificate> chain = Pem.certificates(file);
        Instant begin = Collections.max(
                chain.stream().map(one -> one.getNotBefore().toInstant()).toList());
        Instant end = Collections.min(
                chain.stream().map(one -> one.getNotAfter().toInstant()).toList());
        String text = kind + ": " + file;
        if (end.isBefore(now)) {
            report.fail("certificates", text + " has expired on " + end, "replace it");
        } else if (begin.isAfter(now)) {
            report.fail("certificates", text + " is not valid before " + begin, "is the clock right?");
        } else if (end.isBefore(now.plus(SOON))) {
            report.warn(
                    "certificates",
                    text + " expires on " + end + ", in "
                            + Duration.between(now, end).toDays() + " days",
                    "replace it before");
        } else {
            report.ok("certificates", text + " is valid until " + end);
        }
    }

    private static void named(Path configuration, String who, Function<String, Path> place, Map<Path, String> files) {
        try {
            if (Files.exists(configuration)) {
                walk(ConfigReader.content(configuration), who, place, files);
            }
        } catch (ConfigException e) {
            return; // what is wrong with it is another check's finding
        }
    }

    private static void walk(Object value, String path, Function<String, Path> place, Map<Path, String> files) {
        if (value instanceof List<?> list) {
            for (Object item : new ArrayList<>(list)) {
                if (item != null) {
                    walk(item, path, place, files);
                }
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String key = String.valueOf(entry.getKey());
                String whole = path.isEmpty() || path.endsWith(" ") ? path + key : path + "." + key;
                if (entry.getValue() instanceof String file) {
                    boolean names =
                            key.equals("ca") || key.equals("cert") || key.equals(KEY) && map.containsKey("cert");
                    if (names && !file.isEmpty()) {
                        files.putIfAbsent(place.apply(file), whole);
                    }
                } else if (entry.getValue() != null) {
                    walk(entry.getValue(), whole, place, files);
                }
            }
        }
    }
}
