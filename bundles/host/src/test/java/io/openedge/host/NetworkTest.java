package io.openedge.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.Test;

/** Addresses are written as RFC 5952 says. */
public class NetworkTest {
    @Test
    public void addressesAreShort() throws Exception {
        assertThat(text("127.0.0.1")).isEqualTo("127.0.0.1");
        assertThat(text("::1")).isEqualTo("::1");
        assertThat(text("::")).isEqualTo("::");
        assertThat(text("fd00:0:0:0:0:0:0:2")).isEqualTo("fd00::2");
        assertThat(text("fe80:0:0:0:fc:ff:fe00:1")).isEqualTo("fe80::fc:ff:fe00:1");
        assertThat(text("2001:DB8:0:0:1:0:0:1")).isEqualTo("2001:db8::1:0:0:1");
        assertThat(text("2001:db8:0:1:1:1:1:1")).isEqualTo("2001:db8:0:1:1:1:1:1");
        assertThat(text("1:0:0:2:0:0:0:0")).isEqualTo("1:0:0:2::");
    }

    private static String text(String address) throws UnknownHostException {
        return Network.text(InetAddress.getByName(address));
    }
}
