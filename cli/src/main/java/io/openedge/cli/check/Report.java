package io.openedge.cli.check;

import java.util.ArrayList;
import java.util.List;

/** Collects findings. Thread rule: one at a time. */
final class Report {
    private final List<Finding> findings = new ArrayList<>();

    void ok(String check, String text) {
        findings.add(new Finding(Finding.Level.OK, check, text, ""));
    }

    void warn(String check, String text, String advice) {
        findings.add(new Finding(Finding.Level.WARN, check, text, advice));
    }

    void fail(String check, String text, String advice) {
        findings.add(new Finding(Finding.Level.FAIL, check, text, advice));
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }
}
