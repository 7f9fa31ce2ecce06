package io.openedge.cli;

import io.openedge.cli.check.Checkup;
import io.openedge.cli.check.Finding;
import io.openedge.cli.check.Finding.Level;
import io.openedge.cli.check.Subject;
import io.openedge.config.GatewayFiles;
import io.openedge.rest.client.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Looks whether this machine is fit for the gateway and its application, and says what to do where it is not. */
final class CheckVerb implements Verb {
    private final Clock clock;

    CheckVerb() {
        this(Clock.systemUTC());
    }

    CheckVerb(Clock clock) {
        this.clock = clock;
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("--json", "", "for programs"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        arguments.refuseOperands();
        Path home = WorkDirectory.installation();
        Path work = WorkDirectory.folderOf(arguments, home);
        Path conf = WorkDirectory.confOf(arguments, work);
        List<Finding> findings = Checkup.of(Subject.of(home, work, conf, CheckVerb::running, clock, System.getenv()));
        if (arguments.has("--json")) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("fit", failed(findings).isEmpty());
            all.put("checks", findings.stream().map(Finding::values).toList());
            console.say(Json.text(all));
        } else {
            findings.forEach(finding -> console.say(line(finding, console.colour())));
        }
        if (failed(findings).isEmpty()) {
            return OK;
        }
        console.complain("this machine is not fit: " + failed(findings));
        return FAILED;
    }

    private static OptionalLong running(GatewayFiles files) {
        try {
            return new GatewayProcess(files.pidFile()).running();
        } catch (IOException e) {
            return OptionalLong.empty(); // its file cannot be read: said by the check of the gateway
        }
    }

    private static String failed(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.level() == Level.FAIL)
                .map(Finding::check)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String line(Finding finding, boolean colour) {
        String word = String.format(Locale.ROOT, "%-4s", finding.level().word());
        int code = switch (finding.level()) {
            case OK -> 32;
            case WARN -> 33;
            case FAIL -> 31;
        };
        return (colour ? "\u001b[" + code + "m" + word + "\u001b[0m" : word)
                + String.format(Locale.ROOT, " %-15s ", finding.check())
                + finding.text()
                + (finding.advice().isEmpty() ? "" : ": " + finding.advice());
    }
}
