package io.openedge.function.python;

import java.util.ArrayList;
import java.util.List;

/** The two runtimes: what serves each, in the order it is tried. */
enum PythonVersion {
    /** 2.7, never a 3. */
    PYTHON_27("openedge-function-python27", List.of("python2.7", "python2")),
    /** 3.6 and later. */
    PYTHON_36("openedge-function-python36", List.of("python3.6", "python3", "/usr/bin/python3"));

    private final String image;
    private final List<String> commands;

    PythonVersion(String image, List<String> commands) {
        this.image = image;
        this.commands = commands;
    }

    String image() {
        return image;
    }

    /** Commands and paths to try, the configured one first; empty: none is configured. */
    List<String> candidates(String configured) {
        List<String> all = new ArrayList<>();
        if (!configured.isEmpty()) {
            all.add(configured);
        }
        all.addAll(commands);
        return all;
    }

    boolean accepts(int major, int minor) {
        return this == PYTHON_27 ? major == 2 && minor == 7 : major == 3 && minor >= 6;
    }
}
