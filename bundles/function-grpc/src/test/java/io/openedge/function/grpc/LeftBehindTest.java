package io.openedge.function.grpc;

import static io.openedge.function.grpc.Calls.client;
import static io.openedge.function.grpc.Calls.message;
import static io.openedge.function.grpc.Calls.server;
import static io.openedge.function.grpc.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionTransport;
import io.openedge.function.FunctionTransport.Server;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** What is left of the transport when its bundle is gone: nothing. */
public class LeftBehindTest {
    /** Loads the transport anew, as a bundle does; all else is shared with the others. */
    private static final class Bundle extends URLClassLoader {
        Bundle() {
            super(
                    new URL[] {
                        GrpcTransport.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    GrpcTransport.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.openedge.function.grpc.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    @Test
    public void itsClassesAreCollectedAfterItWasUsed() throws Exception {
        WeakReference<ClassLoader> bundle = useAndClose();

        await("the class loader is collected").atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return bundle.get() == null;
        });
    }

    private static WeakReference<ClassLoader> useAndClose() throws Exception {
        try (Bundle bundle = new Bundle()) {
            use(bundle);
            return new WeakReference<>(bundle);
        }
    }

    private static void use(Bundle bundle) throws Exception {
        FunctionTransport transport = (FunctionTransport)
                bundle.loadClass(GrpcTransport.class.getName()).getConstructor().newInstance();
        assertThat(transport.getClass()).isNotEqualTo(GrpcTransport.class);
        Server server = transport.serve(server(10), CompletableFuture::completedFuture);
        FunctionConnection functions = transport.connect(client(server.address(), Duration.ofSeconds(20)));
        assertThat(text(functions.call(message("f", "hi")))).isEqualTo("hi");
        functions.call(message("f", "in flight when it is closed"));
        ((AutoCloseable) transport).close();
    }

    /** The test itself must see a loader that is kept. */
    @Test
    public void aClassLoaderThatIsHeldIsNotCollected() throws IOException {
        try (Bundle bundle = new Bundle()) {
            WeakReference<ClassLoader> held = new WeakReference<>(bundle);
            System.gc();
            assertThat(held.get()).isSameAs(bundle);
        }
    }
}
