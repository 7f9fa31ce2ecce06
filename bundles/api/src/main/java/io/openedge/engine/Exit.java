package io.openedge.engine;

/** How a run of an instance ended. */
public sealed interface Exit {
    /** Whether this end counts as a failure for {@code restart.policy: on-failure} and for the number of retries. */
    boolean failure();

    /** The end in words for the operator. */
    String reason();

    /** It ended well, by itself or because it was told to. */
    record Normal() implements Exit {
        @Override
        public boolean failure() {
            return false;
        }

        @Override
        public String reason() {
            return "ended";
        }
    }

    /**
     * A process ended with a code other than 0.
     *
     * @param code it ended with
     * @param lastWords the last line that it printed; empty when not known
     */
    record Code(int code, String lastWords) implements Exit {
        /** Nothing is known of what it printed. */
        public Code(int code) {
            this(code, "");
        }

        @Override
        public boolean failure() {
            return true;
        }

        @Override
        public String reason() {
            return "exit code " + code + (lastWords.isEmpty() ? "" : ": " + lastWords);
        }
    }

    /** A process was ended by a signal. */
    record Signal(int number) implements Exit {
        @Override
        public boolean failure() {
            return true;
        }

        @Override
        public String reason() {
            return "killed by signal " + number;
        }
    }

    /** It used more memory than it may. */
    record OutOfMemory() implements Exit {
        @Override
        public boolean failure() {
            return true;
        }

        @Override
        public String reason() {
            return "out of memory";
        }
    }

    /** What carried it went away: its bundle, the container daemon. Not the instance's failure; it waits. */
    record Gone(String what) implements Exit {
        @Override
        public boolean failure() {
            return false;
        }

        @Override
        public String reason() {
            return what;
        }
    }

    /** It could not be started, or said itself that it cannot go on. */
    record Failed(String reason) implements Exit {
        @Override
        public boolean failure() {
            return true;
        }
    }
}
