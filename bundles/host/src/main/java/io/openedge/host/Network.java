package io.openedge.host;

import io.openedge.system.NetStats;
import io.openedge.system.NetStats.Address;
import io.openedge.system.NetStats.Interface;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The network interfaces that are up, from the JVM: OSHI takes the same ones from it, adds counters from a dozen files an
 * interface, and cuts the prefix lengths off. Stateless.
 */
final class Network {
    private static final HexFormat MAC = HexFormat.ofDelimiter(":");

    private Network() {}

    static NetStats read(Instant now) throws IOException {
        List<Interface> interfaces = new ArrayList<>();
        for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
            if (one.isUp()) {
                byte[] mac = one.getHardwareAddress();
                List<Address> addresses = one.getInterfaceAddresses().stream()
                        .map(Network::address)
                        .sorted(Comparator.comparing(a -> a.address().contains(":")))
                        .toList();
                interfaces.add(
                        new Interface(one.getIndex(), one.getName(), mac == null ? "" : MAC.formatHex(mac), addresses));
            }
        }
        interfaces.sort(Comparator.comparingInt(Interface::index));
        return new NetStats(now, interfaces, "");
    }

    private static Address address(InterfaceAddress address) {
        return new Address("ip+net", text(address.getAddress()) + "/" + address.getNetworkPrefixLength());
    }

    /** An address as RFC 5952 writes it, without a scope. */
    static String text(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int[] gap = longestZeros(groups);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == gap[0]) {
                text.append("::");
                i += gap[1] - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Start and length of the first longest run of two or more zeros; start -1: none. */
    private static int[] longestZeros(int[] groups) {
        int[] longest = {-1, 1};
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - i > longest[1]) {
                longest = new int[] {i, end - i};
            }
        }
        return longest;
    }
}
