package io.openedge.module.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the gateway hears of a module that is busy. */
public class BusyTest {
    private static final String BUSY = "report [worker, worker.i1, {openedge={busy=true}}]";
    private static final String DONE = "report [worker, worker.i1, {openedge={busy=false}}]";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ModuleContexts contexts = new ModuleContexts();
    private final List<String> heard = new ArrayList<>();
    private boolean refuses;

    @After
    public void close() {
        contexts.close();
    }

    @Test
    public void theGatewayHearsWhenAnInstanceIsBusyAndWhenNoLonger() {
        HostedContext context = open();

        context.busy(true);
        context.busy(false);
        context.close();

        assertThat(heard).containsExactly(BUSY, DONE);
    }

    @Test
    public void aRunThatEndsBusyIsBusyNoLonger() {
        HostedContext context = open();

        context.busy(true);
        context.close();
        context.busy(true);

        assertThat(heard).containsExactly(BUSY, DONE);
    }

    @Test
    public void aGatewayThatDoesNotListenKeepsNothingFromEnding() {
        HostedContext context = open();
        context.busy(true);
        refuses = true;

        context.close();

        assertThat(heard).containsExactly(BUSY, DONE);
    }

    private HostedContext open() {
        return contexts.open(new ModuleSetup(
                "worker",
                "worker.i1",
                List.of(),
                Map.of(),
                folder.getRoot().toPath(),
                (host, port) -> Optional.empty(),
                gateway(),
                new NoFunctions(),
                failure -> {}));
    }

    private Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                BusyTest.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                    heard.add(method.getName() + " " + Arrays.toString(args));
                    if (refuses) {
                        throw new GatewayException(GatewayException.Kind.INVALID, "the gateway stops");
                    }
                    return null;
                });
    }

    private static final class NoFunctions implements FunctionAccess {
        @Override
        public FunctionConnection connect(FunctionClientConfig config) throws FunctionException {
            throw new FunctionException(Kind.UNAVAILABLE, "none");
        }

        @Override
        public FunctionTransport.Server serve(FunctionServerConfig config, FunctionEndpoint endpoint)
                throws FunctionException {
            throw new FunctionException(Kind.UNAVAILABLE, "none");
        }
    }
}
