package io.openedge.cli;

import io.openedge.cli.check.HostChecks;
import io.openedge.config.FileTrouble;
import io.openedge.rest.client.GatewayClient;
import io.openedge.system.Inspect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts the gateway in a session of its own and says how it came up. */
final class StartVerb implements Verb {
    /** The gateway is up, and an instance is not. */
    static final int INCOMPLETE = 3;

    /** Troubles that are told one by one. */
    private static final int MOST = 20;

    private static final Duration PACE = Duration.ofMillis(100);

    private final Clock clock;

    StartVerb() {
        this(Clock.systemUTC());
    }

    StartVerb(Clock clock) {
        this.clock = clock;
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("--wait", "SECONDS", "how long to wait for the instances; default: 60"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        arguments.refuseOperands();
        Duration limit = Duration.ofSeconds(arguments.number("--wait", 60, 1, 86400));
        WorkDirectory work = WorkDirectory.of(arguments);
        OptionalLong running = work.process().running();
        if (running.isPresent()) {
            throw new CommandException("a gateway already runs: process " + running.getAsLong() + ", "
                    + work.files().pidFile());
        }
        refuseWhatCannotBeWritten(work);
        sayWhatIsOdd(work, console);
        Spoken spoken = Spoken.from(work);
        Process process = spawn(work, spoken.output());
        try (GatewayClient client = work.operator()) {
            return settle(process, client, spoken, limit, console);
        }
    }

    /** Said here in one sentence, before a process is started that stumbles over it. */
    private static void refuseWhatCannotBeWritten(WorkDirectory work) throws CommandException {
        for (Path path : List.of(
                work.output(),
                work.path().resolve("var/cache/lock"),
                work.files().pidFile(),
                Objects.requireNonNull(work.files().operatorSocket().getParent()))) {
            Optional<String> trouble = FileTrouble.writing(path);
            if (trouble.isPresent()) {
                throw new CommandException(trouble.get());
            }
        }
    }

    private void sayWhatIsOdd(WorkDirectory work, Console console) throws IOException {
        Optional<ProcessHandle> stranger = work.process().stranger();
        if (stranger.isPresent()) {
            console.complain("the old pid file " + work.files().pidFile() + " names process "
                    + stranger.get().pid() + ", which is not the gateway: the file is replaced");
        }
        Instant now = clock.instant();
        if (HostChecks.neverSet(now)) {
            console.complain("the clock says " + now.truncatedTo(ChronoUnit.SECONDS)
                    + ": it was never set; until it is, certificates are not valid yet and times are wrong");
        }
    }

    private static Process spawn(WorkDirectory work, Path output) throws IOException {
        Files.createDirectories(output.getParent());
        List<String> command = new ArrayList<>();
        setsid().ifPresent(command::add);
        command.addAll(List.of(
                work.home().resolve("bin/openedge").toString(),
                "run",
                "-w",
                work.path().toString(),
                "-c",
                work.conf().toString(),
                "--detached"));
        return new ProcessBuilder(command)
                .directory(work.path().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** Without a session of its own the gateway would end with the terminal. */
    private static Optional<String> setsid() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    private static int settle(Process process, GatewayClient client, Spoken spoken, Duration limit, Console console)
            throws IOException, InterruptedException, CommandException {
        long end = System.nanoTime() + limit.toNanos();
        String lastError = "";
        while (System.nanoTime() < end) {
            // The wait for the end of the process sets the pace.
            if (process.waitFor(PACE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CommandException("the gateway ended with exit code " + process.exitValue() + spoken.reason());
            }
            try {
                if (Answers.await(client.settled())) {
                    return verdict(process, Answers.await(client.inspect()), console);
                }
                lastError = "";
            } catch (IOException e) {
                lastError = e.getMessage();
            }
        }
        if (!lastError.isEmpty()) {
            throw new CommandException("the gateway is not up after " + limit.toSeconds() + " s; process "
                    + process.pid() + " goes on: " + lastError + spoken.lastLines());
        }
        return verdict(process, Answers.await(client.inspect()), console);
    }

    private static int verdict(Process process, Inspect inspect, Console console) {
        Troubles.remark(inspect).ifPresent(console::complain);
        List<String> troubles = Troubles.of(inspect);
        troubles.stream().limit(MOST).forEach(console::complain);
        if (troubles.size() > MOST) {
            console.complain("and " + (troubles.size() - MOST) + " more; 'openedge status' tells all");
        }
        console.say("the gateway is up: process " + process.pid());
        return troubles.isEmpty() ? OK : INCOMPLETE;
    }
}
