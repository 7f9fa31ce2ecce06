package io.openedge.master.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.system.GatewayException;
import java.util.Map;
import org.junit.Test;

/** What a caller of the API may put into an environment. */
public class DynamicConfigurationTest {
    @Test
    public void ordinaryKeysAndAddressesPass() {
        DynamicConfiguration.check(Map.of());
        DynamicConfiguration.check(Map.of(
                "KEY", "value\nwith lines",
                "_a1", "",
                "NODE_ID", "7",
                "HTTP_PROXY", "http://proxy",
                "OPENEDGE_SERVICE_ADDRESS", "127.0.0.1:1",
                "OPENEDGE_SERVICE_INSTANCE_ADDRESS", "127.0.0.1:1"));
    }

    @Test
    public void keysThatChangeWhatAProcessLoadsAreRefusedByName() {
        for (String name : ("LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES PATH JAVA_TOOL_OPTIONS"
                        + " JDK_JAVA_OPTIONS _JAVA_OPTIONS CLASSPATH PYTHONPATH PYTHONSTARTUP PYTHONHOME NODE_OPTIONS"
                        + " NODE_PATH PERL5LIB PERL5OPT RUBYOPT RUBYLIB BASH_ENV ENV IFS SHELLOPTS HOME GCONV_PATH"
                        + " OPENSSL_CONF")
                .split(" ")) {
            assertRefused(name, "x", "'" + name + "' is not allowed here: it changes what a process loads");
        }
    }

    @Test
    public void whatTheGatewaySaysIsRefusedByName() {
        for (String name : ("OPENEDGE_SERVICE_NAME OPENEDGE_SERVICE_TOKEN OPENEDGE_SERVICE_INSTANCE_NAME OPENEDGE_HOME"
                        + " OPENEDGE_MASTER_API OPENEDGE_MASTER_API_VERSION OPENEDGE_RUNNING_MODE OPENEDGE_HOST_OS")
                .split(" ")) {
            assertRefused(name, "x", "'" + name + "' is not allowed here: the gateway itself says it");
        }
    }

    @Test
    public void whatIsNoVariableIsRefused() {
        for (String name : new String[] {"", "A=B", "A\0", "1A", "a-b", "a.b", "Ä", " A", "BASH_FUNC_x%%", "A\n"}) {
            assertRefused(name, "x", "no name of a variable");
        }
        assertRefused("A".repeat(257), "x", "no name of a variable");
        assertRefused("A", "x\0y", "'A' is not allowed here: its value holds a NUL");
    }

    @Test
    public void allTogetherAreBounded() {
        DynamicConfiguration.check(Map.of("A", "x".repeat(DynamicConfiguration.MOST - 1)));
        assertRefused("A", "x".repeat(DynamicConfiguration.MOST), "65536 bytes");
        assertRefused("A", "ä".repeat(DynamicConfiguration.MOST / 2), "65536 bytes");
    }

    private static void assertRefused(String name, String value, String reason) {
        assertThatThrownBy(() -> DynamicConfiguration.check(Map.of(name, value)))
                .as(name)
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(GatewayException.Kind.INVALID))
                .hasMessageContaining(reason);
    }
}
