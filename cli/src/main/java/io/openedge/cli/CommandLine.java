package io.openedge.cli;

import io.openedge.app.ConfigException;
import io.openedge.config.FileTrouble;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the verb of a command line, runs it, and turns what goes wrong into a sentence and an exit code. */
final class CommandLine {
    private final Console console;

    CommandLine(Console console) {
        this.console = console;
    }

    int run(List<String> words) {
        if (words.isEmpty()) {
            overview();
            return Verb.USAGE;
        }
        String word = words.get(0);
        if (List.of("help", "-h", "--help").contains(word)) {
            return words.size() > 1 ? help(words.get(1)) : overview();
        }
        Optional<VerbName> name = VerbName.of("--version".equals(word) ? "version" : word);
        if (name.isEmpty()) {
            return misunderstood("unknown verb " + word, "openedge help");
        }
        return run(name.get(), words.subList(1, words.size()));
    }

    private int run(VerbName name, List<String> words) {
        Verb verb = name.verb();
        List<Option> options = optionsOf(verb);
        if (words.contains("--help")
                || words.contains("-h")
                        && options.stream().noneMatch(o -> o.name().equals("-h"))) {
            return help(name.word());
        }
        try {
            return verb.run(Arguments.parse(options, words), console);
        } catch (UsageException e) {
            return misunderstood(name.word() + ": " + e.getMessage(), "openedge " + name.word() + " --help");
        } catch (CommandException | ConfigException e) {
            console.complain(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            console.complain(name.word() + ": interrupted");
        } catch (IOException e) {
            console.complain(name.word() + ": " + reason(e));
        } catch (Exception e) {
            console.complain(name.word() + ": internal error: " + e);
        }
        return Verb.FAILED;
    }

    private int overview() {
        console.say("usage: openedge VERB [-w WORKDIR] [-c CONF] [OPTION...]");
        console.say("");
        for (VerbName name : VerbName.values()) {
            console.say(String.format(Locale.ROOT, "  %-15s %s", name.word(), name.summary()));
        }
        console.say("");
        console.say("openedge help VERB tells the options of a verb.");
        return Verb.OK;
    }

    private int help(String word) {
        Optional<VerbName> name = VerbName.of(word);
        if (name.isEmpty()) {
            return misunderstood("unknown verb " + word, "openedge help");
        }
        Verb verb = name.get().verb();
        String operands = verb.operands().isEmpty() ? "" : " " + verb.operands();
        console.say("usage: openedge " + word + operands + " [OPTION...]: "
                + name.get().summary());
        console.say("");
        for (Option option : optionsOf(verb)) {
            console.say(String.format(Locale.ROOT, "  %-15s %s", option.usage(), option.help()));
        }
        return Verb.OK;
    }

    private int misunderstood(String reason, String command) {
        console.complain(reason);
        console.complain("'" + command + "' tells what there is");
        return Verb.USAGE;
    }

    private static List<Option> optionsOf(Verb verb) {
        List<Option> options = new ArrayList<>(verb.places());
        options.addAll(verb.options());
        return options;
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException || e.getClass() == IOException.class && e.getMessage() != null
                ? FileTrouble.sentence(e)
                : e.toString();
    }
}
