package io.openedge.cli;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The verbs in the order of the help. The class of a verb is loaded when it is asked for. */
enum VerbName {
    START("start", "start the gateway in the background; wait until all is up", StartVerb::new),
    RUN("run", "run the gateway in the foreground", RunVerb::new),
    STOP("stop", "stop the gateway", StopVerb::new),
    STATUS("status", "show services and instances", StatusVerb::new),
    UPDATE("update", "change to another application, or show what that would do", UpdateVerb::new),
    SIGN("sign", "sign an application with its volumes, or make a key for that", SignVerb::new),
    RESTART("restart", "restart a service", RestartVerb::new),
    START_INSTANCE("start-instance", "start an instance of a service", StartInstanceVerb::new),
    STOP_INSTANCE("stop-instance", "stop an instance of a service", StopInstanceVerb::new),
    LOGS("logs", "show the log of a service", LogsVerb::new),
    CHECK("check", "see whether this machine is fit", CheckVerb::new),
    PUB("pub", "publish a message", PubVerb::new),
    SUB("sub", "print messages as they come", SubVerb::new),
    SHELL("shell", "the shell of the running gateway", ShellVerb::new),
    MODULE("module", "run one module in the foreground, in the current folder", ModuleVerb::new),
    FN("fn", "try a Python function, without a gateway", FnVerb::new),
    VERSION("version", "print the version", VersionVerb::new);

    private final String word;
    private final String summary;
    private final Supplier<Verb> verb;

    VerbName(String word, String summary, Supplier<Verb> verb) {
        this.word = word;
        this.summary = summary;
        this.verb = verb;
    }

    static Optional<VerbName> of(String word) {
        return Stream.of(values()).filter(name -> name.word.equals(word)).findFirst();
    }

    String word() {
        return word;
    }

    String summary() {
        return summary;
    }

    Verb verb() {
        return verb.get();
    }
}
