package io.openedge.launcher;

import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * What a test bundle does at its start: prints the properties it finds; with a header {@code Probe-Fail} throws, with a
 * header {@code Probe-Exit} ends the gateway with that code.
 */
// checkstyle: off RegexpSingleline
public final class ProbeActivator implements org.osgi.framework.BundleActivator {
    // checkstyle: on RegexpSingleline
    @Override
    public void start(BundleContext context) throws Exception {
        Stream.of("openedge.home", "openedge.workdir", "openedge.conf", "openedge.version", "openedge.module")
                .forEach(name -> System.out.println(name + "=" + context.getProperty(name)));
        String failure = context.getBundle().getHeaders().get("Probe-Fail");
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        String code = context.getBundle().getHeaders().get("Probe-Exit");
        if (code != null) {
            ServiceReference<IntConsumer> exit = context.getServiceReferences(
                            IntConsumer.class, "(openedge.launcher=exit)")
                    .iterator()
                    .next();
            Objects.requireNonNull(context.getService(exit)).accept(Integer.parseInt(code));
        }
    }

    @Override
    public void stop(BundleContext context) {
        System.out.println("probe stopped");
    }
}
