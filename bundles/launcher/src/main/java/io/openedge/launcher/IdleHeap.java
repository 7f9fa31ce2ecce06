package io.openedge.launcher;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what a load has left of the heap. Java's serial collector cuts the heap only when it collects everything, for
 * which a gateway that rests has no reason: so once the heap has grown and the process has little to do, everything is
 * collected, and the heap is cut to twice what lives. Thread rule: one thread.
 */
final class IdleHeap {
    /** How long the process has little to do before. */
    static final Duration INTERVAL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(IdleHeap.class);
    private static final String LEAST_FREE = "MinHeapFreeRatio";
    private static final String MOST_FREE = "MaxHeapFreeRatio";

    /** The process has little to do when it uses less than this of one processor. */
    private static final double LITTLE = 0.05;

    /** From here on it is worth a collection, compared to the heap at the last rest. */
    private static final double GROWN = 1.25;

    private long atRest = size();
    private Duration usedBefore = used();
    private boolean impossible;

    /**
     * Looks how the process is; called again and again.
     *
     * @param passed since the last call
     */
    void look(Duration passed) {
        Duration used = used();
        boolean rests = used.minus(usedBefore).toNanos() < passed.toNanos() * LITTLE;
        usedBefore = used;
        if (rests && size() > atRest * GROWN && !impossible) {
            giveBack();
        }
    }

    private void giveBack() {
        long before = size();
        try {
            cut();
        } catch (RuntimeException | LinkageError e) { // another virtual machine, or one without jdk.management
            impossible = true;
            LOG.info("The heap stays as large as it was: {}", e.toString());
        }
        atRest = size();
        usedBefore = used();
        LOG.debug("The heap has {} MB at rest, and had {}", atRest >> 20, before >> 20);
    }

    private static void cut() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        String least = machine.getVMOption(LEAST_FREE).getValue();
        String most = machine.getVMOption(MOST_FREE).getValue();
        machine.setVMOption(LEAST_FREE, "40");
        machine.setVMOption(MOST_FREE, "50");
        try {
            System.gc();
        } finally {
            machine.setVMOption(MOST_FREE, most);
            machine.setVMOption(LEAST_FREE, least);
        }
    }

    private static long size() {
        return Runtime.getRuntime().totalMemory();
    }

    /** Processor time of this process. */
    private static Duration used() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
