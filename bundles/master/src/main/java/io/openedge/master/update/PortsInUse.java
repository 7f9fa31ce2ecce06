package io.openedge.master.update;

import io.openedge.config.FileTrouble;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports on which other programs of this host listen; what the gateway and its processes have is not among them: an
 * update may take it from one service and give it to another. Immutable. Source: proc(5), /proc/net/tcp.
 */
record PortsInUse(Set<Place> places) {
    private static final Logger LOG = LoggerFactory.getLogger(PortsInUse.class);
    private static final String LISTENS = "0A";
    private static final String UNCONNECTED = "07";
    private static final int INODE = 9;

    /** @param address as text; all zeros: any */
    record Place(String protocol, String address, int port) {}

    PortsInUse {
        places = Set.copyOf(places);
    }

    /** As they are now. What cannot be read is taken for free. */
    static PortsInUse ofHost() {
        Set<String> ours = ourSockets();
        Set<Place> places = new HashSet<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/net", table))) {
                lines.skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(words -> words.length > INODE && !ours.contains(words[INODE]))
                        .filter(words -> words[3].equals(table.startsWith("tcp") ? LISTENS : UNCONNECTED))
                        .forEach(words -> places.add(place(table.substring(0, 3), words[1])));
            } catch (IOException e) {
                LOG.debug("{}", FileTrouble.sentence(e));
            }
        }
        return new PortsInUse(places);
    }

    private static Place place(String protocol, String local) {
        String[] parts = local.split(":");
        return new Place(protocol, text(HexFormat.of().parseHex(parts[0])), Integer.parseInt(parts[1], 16));
    }

    /** The kernel writes words of four bytes as the processor has them. */
    private static String text(byte[] words) {
        ByteBuffer in = ByteBuffer.wrap(words);
        ByteBuffer out = ByteBuffer.allocate(words.length).order(ByteOrder.nativeOrder());
        while (in.hasRemaining()) {
            out.putInt(in.getInt());
        }
        try {
            return InetAddress.getByAddress(out.array()).getHostAddress();
        } catch (IOException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes always make one
        }
    }

    private static Set<String> ourSockets() {
        Set<String> sockets = new HashSet<>();
        Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .forEach(process -> addSockets(process.pid(), sockets));
        return sockets;
    }

    private static void addSockets(long pid, Set<String> sockets) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            descriptors.forEach(descriptor -> {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        sockets.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                } catch (IOException closed) {
                    LOG.trace("{} is closed", descriptor);
                }
            });
        } catch (IOException ended) {
            LOG.trace("process {} has ended", pid);
        }
    }

    /** @param address that is wanted; empty: all */
    boolean has(String protocol, String address, int port) {
        return places.stream()
                .anyMatch(place -> place.port == port
                        && place.protocol.equals(protocol)
                        && (isAll(place.address) || isAll(address) || same(place.address, address)));
    }

    private static boolean isAll(String address) {
        return address.isEmpty() || address.matches("[0.:]+");
    }

    private static boolean same(String one, String other) {
        try {
            return InetAddress.getByName(one).equals(InetAddress.getByName(other));
        } catch (IOException e) {
            return false;
        }
    }
}
