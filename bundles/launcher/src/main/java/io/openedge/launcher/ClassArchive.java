package io.openedge.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import org.slf4j.LoggerFactory;

/**
 * The archive of classes with which the JVM starts faster. {@code bin/openedge} chooses and names it and says in the
 * property {@code openedge.archive} what is to be done; nothing here is needed for the gateway to run.
 */
interface ClassArchive {
    String PROPERTY = "openedge.archive";
    /** After how many seconds the archive may be made; default: 60. */
    String AFTER = "openedge.archive.after";

    /** Called once the core runs. Returns at once and throws nothing. */
    void begin();

    /** Called before the gateway stops: what is being made is given up, and nothing of it is left. */
    default void end() {}

    /**
     * Reads the property: missing, training, off, else how the path of the archive begins that the JVM was given, and
     * nothing at all when none is possible.
     */
    static ClassArchive of(Program program, Properties properties, Settings settings, CacheFolder cache) {
        return switch (properties.getProperty(PROPERTY, "")) {
            case "missing" -> new ArchiveMaker(settings, cache, after(properties));
            case "training" -> TrainingRun.ofParent(program, settings, System.in);
            case "off" -> () -> forget(cache);
            case "" -> () -> {};
            default ->
                new ArchiveMaker(settings, cache, after(properties)).unlessUsed(properties.getProperty(PROPERTY));
        };
    }

    private static Duration after(Properties properties) {
        String seconds = properties.getProperty(AFTER, "");
        return Duration.ofSeconds(seconds.matches("\\d{1,6}") ? Long.parseLong(seconds) : 60);
    }

    private static void forget(CacheFolder cache) {
        try {
            CacheFolder.delete(cache.archives());
        } catch (IOException e) {
            LoggerFactory.getLogger(ClassArchive.class).info("{} stays: {}", cache.archives(), e.toString());
        }
    }
}
