package io.openedge.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process behind a pid file. It is surely the gateway when the file is locked: the gateway holds the lock as long as
 * it lives, and the system frees it with the process. A number in a file that nobody locks may be a stranger's by now.
 */
final class GatewayProcess {
    private static final Duration PACE = Duration.ofMillis(20);

    private final Path pidFile;

    GatewayProcess(Path pidFile) {
        this.pidFile = pidFile;
    }

    /**
     * The process id of the gateway, when it runs. The lock is tried only where a process of that number lives: it is
     * written under the lock, so that a gateway which is just starting never finds the lock taken by a question.
     */
    OptionalLong running() throws IOException {
        OptionalLong pid = pid();
        if (pid.isEmpty() || ProcessHandle.of(pid.getAsLong()).isEmpty()) {
            return OptionalLong.empty();
        }
        try (FileChannel channel = FileChannel.open(pidFile, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null ? pid : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Asks the gateway to end, and kills it when it does not.
     *
     * @param limit until it is killed
     * @return whether it ended by itself
     */
    boolean stop(long pid, Duration limit) throws IOException, InterruptedException, CommandException {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        CompletableFuture<Void> freed = freed();
        boolean asked = process.isPresent() && process.get().destroy();
        if (awaits(freed, limit)) {
            awaitEnd(process, pid);
            return true;
        }
        if (process.isEmpty() || !asked && !process.get().destroyForcibly()) {
            throw new CommandException("process " + pid + " cannot be signalled: it is another user's");
        }
        process.get().destroyForcibly();
        if (!awaits(freed, Duration.ofSeconds(10))) {
            throw new CommandException("process " + pid + " did not end although it was killed");
        }
        awaitEnd(process, pid);
        return false;
    }

    /** Removes a pid file that is no longer locked. */
    void removeStale() throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(pidFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(pidFile);
            }
        }
    }

    /** The living process that the file names although it is not the gateway; one that is just ending is none. */
    Optional<ProcessHandle> stranger() throws IOException {
        OptionalLong pid = pid();
        return pid.isEmpty() || running().isPresent() || isEnding(pid.getAsLong())
                ? Optional.empty()
                : ProcessHandle.of(pid.getAsLong());
    }

    /** A process gives up its memory, with its arguments in it, before it frees its locks; so a zombie has none. */
    private static boolean isEnding(long pid) {
        try {
            return Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")).length == 0;
        } catch (IOException e) {
            return true;
        }
    }

    private OptionalLong pid() throws IOException {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (NoSuchFileException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Completes when the lock is free: the system wakes the waiting thread, nothing is polled. */
    private CompletableFuture<Void> freed() throws IOException {
        FileChannel channel = FileChannel.open(pidFile, StandardOpenOption.READ);
        CompletableFuture<Void> freed = new CompletableFuture<>();
        Thread waiter = new Thread(
                () -> {
                    try (channel;
                            FileLock lock = channel.lock(0, Long.MAX_VALUE, true)) {
                        freed.complete(null);
                    } catch (IOException e) {
                        freed.completeExceptionally(e);
                    }
                },
                "pid-file");
        waiter.setDaemon(true);
        waiter.start();
        return freed;
    }

    private void awaitEnd(Optional<ProcessHandle> process, long pid)
            throws IOException, InterruptedException, CommandException {
        if (process.isEmpty()) {
            return;
        }
        CompletableFuture<Void> end = process.get().onExit().thenAccept(handle -> {});
        long limit = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!awaits(end, PACE) && !isZombie(pid)) {
            if (System.nanoTime() > limit) {
                throw new CommandException("process " + pid + " freed " + pidFile + " and did not end");
            }
        }
    }

    /** It has ended, and its parent has not asked how: where process 1 is no init, that stays so. */
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.startsWith(" Z", stat.lastIndexOf(')') + 1);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean awaits(CompletableFuture<Void> event, Duration limit)
            throws IOException, InterruptedException {
        try {
            event.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
