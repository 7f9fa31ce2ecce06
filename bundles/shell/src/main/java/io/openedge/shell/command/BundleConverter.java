package io.openedge.shell.command;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Lets commands take bundles: an ID or a symbolic name becomes the bundle. Thread rule: any thread. */
public final class BundleConverter implements Converter {
    /** Where the bundles of packages lie: they belong to a service, which an update of the application changes. */
    private static final String PACKAGES = "/var/lib/openedge/packages/";

    private final BundleContext context;

    /** @param context knows the bundles */
    public BundleConverter(BundleContext context) {
        this.context = context;
    }

    /** The bundle of an ID or a symbolic name; of several with that name the newest that belongs to no package. */
    static Optional<Bundle> find(BundleContext context, String word) {
        String name = word.strip();
        if (name.matches("\\d{1,18}")) {
            return Optional.ofNullable(context.getBundle(Long.parseLong(name)));
        }
        return Stream.of(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .max(Comparator.comparing(BundleConverter::isOfTheGateway).thenComparing(Bundle::getVersion));
    }

    private static boolean isOfTheGateway(Bundle bundle) {
        return !bundle.getLocation().contains(PACKAGES);
    }

    @Override
    public @Nullable Object convert(Class<?> type, Object in) {
        return type == Bundle.class ? find(context, String.valueOf(in)).orElse(null) : null;
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter escape) {
        return target instanceof Bundle bundle
                ? bundle.getBundleId() + " " + bundle.getSymbolicName() + " " + bundle.getVersion()
                : null;
    }
}
