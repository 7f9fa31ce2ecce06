package io.openedge.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the framework is told at its start. Stateless. */
final class FrameworkProperties {
    private static final List<String> SLF4J =
            List.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi");
    /** The same API at the version that libraries built against slf4j 1 ask for. */
    private static final List<String> SLF4J_1 = List.of("org.slf4j", "org.slf4j.helpers");

    private static final String SLF4J_1_VERSION = "1.7.36";
    private static final List<String> LOGBACK = List.of(
            "ch.qos.logback.classic",
            "ch.qos.logback.classic.encoder",
            "ch.qos.logback.classic.filter",
            "ch.qos.logback.classic.jul",
            "ch.qos.logback.classic.layout",
            "ch.qos.logback.classic.pattern",
            "ch.qos.logback.classic.spi",
            "ch.qos.logback.classic.util",
            "ch.qos.logback.core",
            "ch.qos.logback.core.encoder",
            "ch.qos.logback.core.filter",
            "ch.qos.logback.core.helpers",
            "ch.qos.logback.core.hook",
            "ch.qos.logback.core.joran.spi",
            "ch.qos.logback.core.pattern",
            "ch.qos.logback.core.property",
            "ch.qos.logback.core.read",
            "ch.qos.logback.core.rolling",
            "ch.qos.logback.core.rolling.helper",
            "ch.qos.logback.core.sift",
            "ch.qos.logback.core.spi",
            "ch.qos.logback.core.status",
            "ch.qos.logback.core.util");

    private FrameworkProperties() {}

    static Map<String, Object> of(Program program, Settings settings, Path storage) throws LaunchException {
        Properties build = build();
        Map<String, Object> all = new HashMap<>();
        all.put(Settings.HOME, settings.home().toString());
        all.put(Settings.WORKDIR, settings.workdir().toString());
        all.put(Settings.CONF, settings.conf().toString());
        all.put(Settings.FOREGROUND, String.valueOf(settings.foreground()));
        all.put(Program.MODULE, program.module());
        all.put("openedge.version", build.getProperty("openedge.version"));
        all.put("org.osgi.framework.storage", storage.toString());
        all.put("org.osgi.framework.storage.clean", "onFirstInit");
        all.put(
                "org.osgi.framework.system.packages.extra",
                packages(build.getProperty("slf4j.version"), build.getProperty("logback.version")));
        // netty and jctools ask for sun.misc.Unsafe without an import
        all.put("org.osgi.framework.bootdelegation", "sun.misc");
        all.put("org.osgi.service.log.admin.loglevel", "WARN");
        all.put("felix.log.level", "2");
        all.put("felix.log.logger", new FrameworkLog());
        return all;
    }

    private static String packages(String slf4j, String logback) {
        return Stream.of(versions(SLF4J, slf4j), versions(SLF4J_1, SLF4J_1_VERSION), versions(LOGBACK, logback))
                .flatMap(part -> part)
                .collect(Collectors.joining(","));
    }

    private static Stream<String> versions(List<String> packages, String version) {
        return packages.stream().map(name -> name + ";version=\"" + version + "\"");
    }

    private static Properties build() throws LaunchException {
        Properties properties = new Properties();
        try (InputStream in = FrameworkProperties.class.getResourceAsStream("launcher.properties")) {
            if (in == null) {
                throw new LaunchException("launcher.properties is not in the launcher's jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new LaunchException("launcher.properties: " + e, e);
        }
        return properties;
    }
}
