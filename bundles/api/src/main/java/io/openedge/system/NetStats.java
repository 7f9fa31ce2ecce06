package io.openedge.system;

import java.time.Instant;
import java.util.List;

/**
 * The host's network interfaces. Immutable.
 *
 * @param time of the look
 * @param interfaces all that are up
 * @param error why the part could not be read
 */
public record NetStats(Instant time, List<Interface> interfaces, String error) {
    /** Not known. */
    public static final NetStats UNKNOWN = new NetStats(Instant.EPOCH, List.of(), "");

    public NetStats {
        interfaces = List.copyOf(interfaces);
    }

    /**
     * @param index as the kernel numbers it
     * @param name for example eth0
     * @param mac hardware address
     * @param addrs its addresses
     */
    public record Interface(int index, String name, String mac, List<Address> addrs) {
        public Interface {
            addrs = List.copyOf(addrs);
        }
    }

    /**
     * @param network for example {@code ip+net}
     * @param address with prefix length
     */
    public record Address(String network, String address) {}
}
