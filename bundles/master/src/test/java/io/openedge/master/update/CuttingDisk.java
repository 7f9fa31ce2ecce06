package io.openedge.master.update;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The host's disk until a power cut at a chosen step. Changes of names that were not synced then may be lost, each for
 * itself: {@link #loseUnsynced}; without that the folder is as after a kill of the process.
 */
final class CuttingDisk implements Disk {
    /** The lights went out; nothing after it reaches the disk. */
    static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final Disk disk = new HostDisk();
    private final Path folder;
    private final int cutAt;
    private final boolean failing;
    private Map<String, byte[]> durable;
    private final List<Consumer<Map<String, byte[]>>> pending = new ArrayList<>();
    private volatile int steps;
    private volatile boolean over;

    /** @param cutAt the step that is not made any more, from 1; 0: all are made */
    CuttingDisk(Path folder, int cutAt) throws IOException {
        this(folder, cutAt, false);
    }

    /** @param failing whether steps from that one on fail as on a broken disk, instead of not being made at all */
    CuttingDisk(Path folder, int cutAt, boolean failing) throws IOException {
        this.folder = folder;
        this.cutAt = cutAt;
        this.failing = failing;
        this.durable = files();
    }

    /** How many steps were asked for. */
    int steps() {
        return steps;
    }

    /** True once nothing reaches the disk any more. */
    boolean wasCut() {
        return over;
    }

    /** In how many ways changes of names that were not synced may have got to the disk or not. */
    int ways() {
        return 1 << pending.size();
    }

    /** Brings the folder to one of those ways; 0: none of the changes got there. */
    void loseUnsynced(int way) throws IOException {
        Map<String, byte[]> left = new HashMap<>(durable);
        for (int change = 0; change < pending.size(); change++) {
            if ((way >> change & 1) == 1) {
                pending.get(change).accept(left);
            }
        }
        for (String name : files().keySet()) {
            Files.delete(folder.resolve(name));
        }
        for (Map.Entry<String, byte[]> file : left.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    @Override
    public boolean exists(Path file) {
        return disk.exists(file);
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public void write(Path file, byte[] content, Path like) throws IOException {
        if (cut()) {
            disk.write(file, Arrays.copyOf(content, content.length / 2), like);

            stop();
        }
        disk.write(file, content, like);
        if (durable.containsKey(name(file))) {
            durable.put(name(file), content);
        } else {
            pending.add(names -> names.put(name(file), content));
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        byte[] content = disk.read(from);
        disk.rename(from, to);
        pending.add(names -> {
            names.remove(name(from));
            names.put(name(to), content);
        });
    }

    @Override
    public void delete(Path file) throws IOException {
        step();
        disk.delete(file);
        pending.add(names -> names.remove(name(file)));
    }

    @Override
    public void sync(Path of) throws IOException {
        step();
        disk.sync(of);
        durable = files();
        pending.clear();
    }

    private void step() throws IOException {
        if (cut()) {
            stop();
        }
    }

    private boolean cut() {
        int step = steps + 1;
        steps = step;
        return cutAt > 0 && step >= cutAt;
    }

    private void stop() throws IOException {
        over = true;
        if (failing) {
            throw new IOException("No space left on device");
        }
        throw new PowerCut();
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.filter(path -> name(path).startsWith("application")
                            && !name(path).endsWith(".stats")
                            && !name(path).endsWith(".stats.tmp"))
                    .toList()) {
                files.put(name(file), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
