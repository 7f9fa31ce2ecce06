package io.openedge.cli;

/**
 * An option of a verb. Immutable.
 *
 * @param name with its dashes
 * @param value what it takes, in capitals; empty for a switch
 * @param help a line for the operator
 */
record Option(String name, String value, String help) {
    static final Option WORKDIR = new Option("-w", "WORKDIR", "work directory; default: the installation");
    static final Option CONF =
            new Option("-c", "CONF", "configuration, taken in WORKDIR; default: etc/openedge/openedge.yml");

    boolean isSwitch() {
        return value.isEmpty();
    }

    String usage() {
        return isSwitch() ? name : name + " " + value;
    }
}
