package io.openedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** How long the launcher waits for the framework. */
public class EndingTest {
    @Test
    public void aServiceThatMayStopSlowlyIsWaitedFor() {
        assertThat(Ending.limit(null)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Ending.limit(services())).isEqualTo(Duration.ofMinutes(5));
        assertThat(Ending.limit(services(1000L))).isEqualTo(Duration.ofMinutes(5));
        assertThat(Ending.limit(services(1000L, Duration.ofMinutes(10).toMillis())))
                .isEqualTo(Duration.ofMinutes(11));
    }

    private static BundleContext services(Long... stopMillis) {
        ServiceReference<?>[] references = new ServiceReference<?>[stopMillis.length];
        for (int i = 0; i < references.length; i++) {
            Long millis = stopMillis[i];
            references[i] = proxy(ServiceReference.class, millis);
        }
        return proxy(BundleContext.class, references.length == 0 ? null : references);
    }

    private static <T> T proxy(Class<T> type, Object answer) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answer));
    }
}
