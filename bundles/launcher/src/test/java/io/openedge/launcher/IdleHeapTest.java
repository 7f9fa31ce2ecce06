package io.openedge.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** The heap of a process that had a load and rests. */
public class IdleHeapTest {
    /** Begins with a small heap, lets it grow, and looks at it as the launcher does; tells its size, and how many collections. */
    static final class Load {
        public static void main(String[] arguments) {
            IdleHeap heap = new IdleHeap();
            heap.look(Duration.ofDays(1));
            report("before");
            List<byte[]> crowd = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                crowd.add(new byte[1024]);
            }
            report("load " + crowd.size());
            crowd.clear();
            heap.look(Duration.ofNanos(1));
            report("busy");
            heap.look(Duration.ofDays(1));
            report("rest");
            heap.look(Duration.ofDays(1));
            report("later");
        }

        // checkstyle: off RegexpSingleline
        private static void report(String what) {
            long collections = ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
            System.out.println(what + ":" + (Runtime.getRuntime().totalMemory() >> 20) + ":" + collections);
        }
        // checkstyle: on RegexpSingleline
    }

    private record Line(String what, int megabytes, int collections) {
        static Line of(String text) {
            String[] parts = text.split(":", -1);
            return new Line(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }
    }

    @Test
    public void the_heap_grows_under_load_and_is_cut_once_when_the_process_rests() throws Exception {
        List<Line> lines = load();
        assertThat(lines).extracting(Line::what).containsExactly("before", "load 100000", "busy", "rest", "later");
        assertThat(lines.get(0).megabytes()).isBetween(25, 32);
        assertThat(lines.get(1).megabytes()).isGreaterThan(100);
        assertThat(lines.get(2))
                .as("not while it is busy")
                .extracting(Line::collections)
                .isEqualTo(lines.get(1).collections());
        assertThat(lines.get(3).megabytes()).isLessThanOrEqualTo(lines.get(0).megabytes() + 2);
        assertThat(lines.get(3).collections()).isEqualTo(lines.get(2).collections() + 1);
        assertThat(lines.get(4).collections())
                .as("nothing has grown")
                .isEqualTo(lines.get(3).collections());
    }

    @Test
    public void without_its_means_the_heap_stays_as_it_is_and_the_process_goes_on() throws Exception {
        List<Line> lines = load("--limit-modules", "java.management,java.logging,java.naming,java.xml");
        assertThat(lines).extracting(Line::what).containsExactly("before", "load 100000", "busy", "rest", "later");
        assertThat(lines.get(4).megabytes()).isEqualTo(lines.get(1).megabytes());
    }

    private static List<Line> load(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmx256m",
                "-XX:MinHeapFreeRatio=70",
                "-XX:MaxHeapFreeRatio=80",
                "-XX:-ShrinkHeapInSteps",
                "-cp",
                System.getProperty("java.class.path"),
                Load.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said.lines()
                .filter(line -> line.matches("\\w+( \\d+)?:\\d+:\\d+"))
                .map(Line::of)
                .toList();
    }
}
