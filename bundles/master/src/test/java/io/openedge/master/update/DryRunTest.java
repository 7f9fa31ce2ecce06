package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdatePlan.Action;
import io.openedge.system.UpdatePlan.Step;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** What an update would do and would refuse. */
public class DryRunTest {
    @Rule
    public final LiveUpdates live = new LiveUpdates();

    @Test
    public void aPlanTouchesNothing() throws Exception {
        live.installed("V1", "hub:1", "old:1");
        live.up();

        var plan = live.updates
                .plan(live.offer("V2", "hub:1", "new:1"), false)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(plan.steps())
                .containsExactly(
                        new Step("old", Action.STOP, "not in the new application"),
                        new Step("hub", Action.KEEP, "unchanged"),
                        new Step("new", Action.START, "new"));
        assertThat(live.engine.prepared).doesNotContain("new");
        assertThat(live.engine.checked).containsExactly(List.of("new"));
        live.consistent();
        assertThat(live.updates.application().version()).isEqualTo("V1");
    }

    @Test
    public void anEngineLooksAtAllItsServicesAtOnce() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.checkFailures.put("b", "no such image");
        Path file = live.work().resolve("two.yml");
        Files.writeString(
                file,
                LiveUpdates.text("V2", "a:1", "b:1") + "    mounts: [{name: v, path: lib/v}]\n"
                        + "  - {name: c, image: i, mounts: [{name: bad, path: lib/v}]}\n"
                        + "volumes: [{name: v, path: v}, {name: bad, path: two.yml}]\n");

        assertThatThrownBy(() ->
                        live.updates.plan("two.yml", true).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasMessageContaining("service 'b': no such image")
                .hasMessageContaining("service 'c': volume 'bad': path 'two.yml' is no folder");
        assertThat(live.engine.checked).containsExactly(List.of("a", "b"));
    }

    @Test
    public void aPlanSaysAllThatTheUpdateWouldRefuseAndWhatItWarnsOf() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.checkFailures.put("timer", "no such image");
        live.engine.checkFailures.put("hub", "service 'hub': no such user");
        String path = live.offer("V2", "hub:2", "timer:1", "other:1");
        Path file = live.work().resolve(path).resolve("application.yml");
        Files.writeString(
                file,
                "servces: []\n"
                        + LiveUpdates.text("V2", "hub:2", "timer:1", "other:1")
                                .replaceFirst("image: image", "image: image\n    engine: docker"));
        String engine = file + ":6: services[0].engine: 'docker' is not allowed here";
        String image = file + ":11: services[1]: service 'timer': no such image";

        assertThatThrownBy(() ->
                        live.updates.plan(path, true).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasMessageContaining(engine)
                .hasMessageContaining(image);
        UpdateResult refused = live.update(path);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.reason()).contains(engine, image);

        Files.writeString(file, Files.readString(file).replace("    engine: docker\n", ""));
        live.engine.checkFailures.clear();
        UpdatePlan plan = live.updates.plan(path, true).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .contains("application.yml:1: servces", "did you mean services?");
        assertThat(live.update(path).warnings()).isEqualTo(plan.warnings());
        live.consistent();
    }
}
