package io.openedge.cli.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All checks, in the order in which they are told. Stateless. */
public final class Checkup {
    private Checkup() {}

    /** A check that cannot be made is itself a finding. */
    public static List<Finding> of(Subject subject) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(make(subject, before()));
        findings.addAll(subject.complaints());
        findings.addAll(make(subject, after()));
        return findings;
    }

    private static Map<String, Check> before() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("java", HostChecks::java);
        checks.put("clock", HostChecks::clock);
        checks.put("memory", HostChecks::memory);
        checks.put("disk", DiskChecks::space);
        checks.put("folders", FolderChecks::workDirectory);
        checks.put("gateway", FolderChecks::gateway);
        return checks;
    }

    private static Map<String, Check> after() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("service.yml", ServiceChecks::configurations);
        checks.put("api", FolderChecks::api);
        checks.put("ports", PortChecks::free);
        checks.put("certificates", CertificateChecks::dates);
        checks.put("engines", ServiceChecks::engines);
        checks.put("python", PythonChecks::interpreters);
        checks.put("users", UserChecks::services);
        checks.put("native", NativeChecks::processes);
        checks.put("hosts", ServiceChecks::hosts);
        return checks;
    }

    private static List<Finding> make(Subject subject, Map<String, Check> checks) throws InterruptedException {
        Report report = new Report();
        for (Map.Entry<String, Check> check : checks.entrySet()) {
            try {
                check.getValue().make(subject, report);
            } catch (IOException e) {
                report.warn(check.getKey(), "could not be looked at: " + e, "");
            }
        }
        return report.findings();
    }

    /** One look at a machine. */
    @FunctionalInterface
    interface Check {
        void make(Subject subject, Report report) throws IOException, InterruptedException;
    }
}
