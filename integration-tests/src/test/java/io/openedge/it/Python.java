package io.openedge.it;

import java.io.IOException;
import java.util.List;

/** Which interpreters this machine has. */
final class Python {
    private Python() {}

    /** Whether a Python 2 really runs: shims of version managers may lie on the path and fail. */
    static boolean two() throws InterruptedException {
        for (String name : List.of("python2.7", "python2")) {
            try {
                Process process = new ProcessBuilder(name, "-c", "import sys; sys.exit(sys.version_info[0] != 2)")
                        .redirectErrorStream(true)
                        .start();
                process.getInputStream().readAllBytes();
                if (process.waitFor() == 0) {
                    return true;
                }
            } catch (IOException notThere) {
                continue;
            }
        }
        return false;
    }
}
