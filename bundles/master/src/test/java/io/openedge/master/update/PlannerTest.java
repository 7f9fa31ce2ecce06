package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.config.Applications;
import io.openedge.system.UpdatePlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** From two applications to what has to happen, as a table. */
public class PlannerTest {
    private static final String HUB = "{name: hub, image: openedge-hub, replica: 1, "
            + "mounts: [{name: conf, path: etc/openedge}, {name: data, path: var/data}]}";
    private static final String VOLUMES =
            "volumes: [{name: conf, path: conf, meta: {version: V1}}, {name: data, path: data}]";
    private static final String PACKAGE =
            "{name: mine, image: hello, mounts: [{name: pack, path: lib/openedge/hello}, {name: conf, path: etc/openedge}]}";
    private static final String PACKAGES =
            "volumes: [{name: conf, path: conf}, {name: pack, path: pack/1, meta: {version: '1'}}]";

    private record Case(String before, String after, String... steps) {}

    private static final List<Case> CASES = List.of(
            new Case(app(HUB, VOLUMES), app(HUB, VOLUMES), "KEEP hub unchanged"),
            new Case(app("", ""), app(HUB, VOLUMES), "START hub new"),
            new Case(app(HUB, VOLUMES), app("", ""), "STOP hub not in the new application"),
            new Case(
                    app(HUB, VOLUMES),
                    app(HUB.replace("openedge-hub", "other:2"), VOLUMES),
                    "STOP hub image: openedge-hub -> other:2",
                    "START hub image: openedge-hub -> other:2"),
            new Case(
                    app(HUB, VOLUMES),
                    app(HUB.replace("replica: 1", "replica: 2, env: {A: b}"), VOLUMES),
                    "STOP hub replica: 1 -> 2; env changed",
                    "START hub replica: 1 -> 2; env changed"),
            new Case(
                    app(HUB, VOLUMES),
                    app(HUB, VOLUMES.replace("V1", "V2")),
                    "STOP hub volume 'conf': version V1 -> V2",
                    "START hub volume 'conf': version V1 -> V2"),
            new Case(
                    app(HUB, VOLUMES),
                    app(HUB, VOLUMES.replace("path: data", "path: data2")),
                    "STOP hub volume 'data': path data -> data2",
                    "START hub volume 'data': path data -> data2"),
            new Case(
                    app(HUB + ", {name: a, image: i}, {name: b, image: i}", VOLUMES),
                    app("{name: c, image: i}, " + HUB, VOLUMES),
                    "STOP b not in the new application",
                    "STOP a not in the new application",
                    "START c new",
                    "KEEP hub unchanged"),
            new Case(
                    app(PACKAGE, PACKAGES),
                    app(PACKAGE, PACKAGES.replace("pack/1", "pack/2")),
                    "SWAP mine volume 'pack': path pack/1 -> pack/2"),
            new Case(
                    app(PACKAGE.replace("hello,", "hello, engine: native,"), PACKAGES),
                    app(PACKAGE.replace("hello,", "hello, engine: native,"), PACKAGES.replace("'1'", "'2'")),
                    "STOP mine volume 'pack': version 1 -> 2",
                    "START mine volume 'pack': version 1 -> 2"),
            new Case(
                    app(PACKAGE, PACKAGES),
                    app(PACKAGE, PACKAGES.replace("path: conf", "path: conf2").replace("pack/1", "pack/2")),
                    "STOP mine volume 'pack': path pack/1 -> pack/2; volume 'conf': path conf -> conf2",
                    "START mine volume 'pack': path pack/1 -> pack/2; volume 'conf': path conf -> conf2"));

    @Test
    public void eachCaseHasItsSteps() throws Exception {
        for (Case one : CASES) {
            assertThat(steps(plan(deployment(one.before(), Map.of()), deployment(one.after(), Map.of()))))
                    .as(one.after())
                    .containsExactly(one.steps());
        }
    }

    @Test
    public void changedContentRestartsWhoMountsIt() throws Exception {
        Map<String, Map<String, String>> before = Map.of("hub", Map.of("etc/openedge", "a"));
        Map<String, Map<String, String>> after = Map.of("hub", Map.of("etc/openedge", "b"));
        assertThat(steps(plan(deployment(app(HUB, VOLUMES), before), deployment(app(HUB, VOLUMES), after))))
                .containsExactly(
                        "STOP hub content of etc/openedge (volume 'conf') changed",
                        "START hub content of etc/openedge (volume 'conf') changed");
        assertThat(steps(plan(deployment(app(HUB, VOLUMES), before), deployment(app(HUB, VOLUMES), before))))
                .containsExactly("KEEP hub unchanged");
    }

    @Test
    public void contentThatComesRestartsWhoMountsItsVolume() throws Exception {
        Deployment same = deployment(app(HUB, VOLUMES), Map.of());

        assertThat(steps(new Planner("osgi").plan(same, same, Set.of("data"))))
                .containsExactly(
                        "STOP hub content of var/data (volume 'data') changed",
                        "START hub content of var/data (volume 'data') changed");
        assertThat(steps(new Planner("osgi").plan(same, same, Set.of("other")))).containsExactly("KEEP hub unchanged");
    }

    @Test
    public void thePlanNamesBothVersions() throws Exception {
        UpdatePlan plan = plan(deployment(app("", ""), Map.of()), deployment("version: V2\nservices: []", Map.of()));
        assertThat(plan.from()).isEqualTo("V1");
        assertThat(plan.to()).isEqualTo("V2");
    }

    private static UpdatePlan plan(Deployment before, Deployment after) {
        return new Planner("osgi").plan(before, after, Set.of());
    }

    private static List<String> steps(UpdatePlan plan) {
        return plan.steps().stream()
                .map(step -> step.action() + " " + step.service() + " " + step.reason())
                .toList();
    }

    private static String app(String services, String volumes) {
        return "version: V1\nservices: [" + services + "]\n" + volumes;
    }

    private static Deployment deployment(String text, Map<String, Map<String, String>> contents) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Deployment(
                Applications.draft(bytes, "a.yml", "osgi", warning -> {}).application(), bytes, contents, "");
    }
}
