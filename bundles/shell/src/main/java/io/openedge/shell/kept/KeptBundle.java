package io.openedge.shell.kept;

/**
 * A bundle that the next start installs again. Immutable.
 *
 * @param location as the framework knows it: what was typed, absolute
 * @param file name of its copy
 * @param started whether it is to run
 */
public record KeptBundle(String location, String file, boolean started) {
    private static final String STARTED = "started";
    private static final String STOPPED = "stopped";

    KeptBundle withFile(String other) {
        return new KeptBundle(location, other, started);
    }

    KeptBundle withStarted(boolean other) {
        return new KeptBundle(location, file, other);
    }

    /** A line of the list. */
    String line() {
        return (started ? STARTED : STOPPED) + " " + file + " " + location;
    }

    /** @throws IllegalArgumentException when it is no line of a list */
    static KeptBundle parse(String line) {
        String[] words = line.split(" ", 3);
        if (words.length != 3 || !(words[0].equals(STARTED) || words[0].equals(STOPPED)) || words[1].contains("/")) {
            throw new IllegalArgumentException("'" + line + "' should be: started or stopped, a file, a location");
        }
        return new KeptBundle(words[2], words[1], words[0].equals(STARTED));
    }
}
