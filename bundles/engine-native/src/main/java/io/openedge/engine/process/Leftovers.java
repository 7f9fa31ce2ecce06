package io.openedge.engine.process;

import io.openedge.directory.ServiceDirectories;
import io.openedge.engine.process.cgroup.GroupFolder;
import io.openedge.engine.process.tree.ProcessTable;
import io.openedge.engine.process.tree.ProcessTree;
import io.openedge.engine.process.tree.RunFile;
import io.openedge.engine.process.tree.RunFiles;
import io.openedge.engine.process.tree.TreeEnd;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what runs of a gateway that crashed have left: the processes that their run files surely name, then the
 * directories of their services. Begins at once; the engine opens no service before it is done. Thread rule: any thread.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final ProcessTable table;
    private final String bootId;
    private final ServiceDirectories directories;
    private final CompletableFuture<Void> done;

    /** @param runs read now */
    Leftovers(ProcessTable table, String bootId, RunFiles runs, ServiceDirectories directories, Executor workers) {
        this.table = table;
        this.bootId = bootId;
        this.directories = directories;
        Map<Path, RunFile> left = runs.read();
        List<CompletableFuture<Void>> ends = left.entrySet().stream()
                .map(run -> CompletableFuture.runAsync(() -> end(run.getKey(), run.getValue()), workers))
                .toList();
        this.done = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .thenRun(() ->
                        left.values().stream().map(RunFile::service).distinct().forEach(directories::removeLeftover))
                .exceptionally(failure -> {
                    LOG.error("what the last run of the gateway left behind may still be there", failure);
                    return null;
                });
    }

    /** Waits until all is done. */
    void await() {
        done.join();
    }

    private void end(Path file, RunFile run) {
        String name = run.instance() + " of service " + run.service();
        if (!run.bootId().equals(bootId)) {
            LOG.info("instance {} ended with the last run of this machine", name);
            RunFiles.remove(file);
            return;
        }
        ProcessTree tree = new ProcessTree(table, run);
        int members = tree.members().size();
        long deadline = System.nanoTime() + run.graceMillis() * 1_000_000;
        if (!new TreeEnd(tree, () -> deadline).await()) {
            LOG.error("instance {} of the last run of the gateway cannot be killed: {}", name, tree.members());
            return;
        }
        if (members > 0) {
            LOG.warn("instance {} was left behind by the last run of the gateway: {} processes ended", name, members);
        }
        run.groups().forEach(group -> new GroupFolder(group).remove());
        RunFiles.remove(file);
    }

    /** Removes the directory of a service of the last run. */
    void removeDirectory(String service) {
        directories.removeLeftover(service);
    }
}
