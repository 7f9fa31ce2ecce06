package io.openedge.master.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Features in a live framework. */
public class FeatureLoaderTest {
    @Rule
    public final LiveFramework live = new LiveFramework();

    @Test
    public void bundlesOfAFeatureResolveTogetherAndStart() throws Exception {
        live.jar("user", "Import-Package", "org.example");
        live.jar("maker", "Export-Package", "org.example;version=1.0.0");
        live.jar("part", "Fragment-Host", "maker");
        live.list("hub", "# the hub", "bundle user.jar", "", "bundle maker.jar", "bundle part.jar");

        load("hub");

        assertThat(live.bundle("user").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(live.bundle("maker").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(live.bundle("part").getState()).isEqualTo(Bundle.RESOLVED);
        assertThat(live.bundle("user").getLocation()).startsWith("reference:file:");
    }

    @Test
    public void whatIsThereAlreadyIsLeftAlone() throws Exception {
        live.jar("maker");
        live.jar("more");
        live.list("a", "bundle maker.jar");
        live.list("b", "bundle maker.jar", "bundle more.jar");
        load("a");
        long id = live.bundle("maker").getBundleId();

        load("b");

        assertThat(live.bundle("maker").getBundleId()).isEqualTo(id);
        assertThat(live.bundle("more").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    public void aBundleThatDoesNotResolveIsNamedWithWhatItLacks() throws Exception {
        live.jar("user", "Import-Package", "org.example;version=\"[1.2,2)\"", "Export-Package", "org.middle");
        live.jar("other", "Import-Package", "org.middle");
        live.jar("needy", "Require-Capability", "org.example.thing;filter:=\"(size>=3)\"");
        live.list("hub", "bundle user.jar", "bundle other.jar", "bundle needy.jar");

        assertThatThrownBy(() -> load("hub"))
                .isInstanceOf(FeatureException.class)
                .hasMessageContaining(
                        "bundle user.jar lacks package org.example with version >= 1.2.0, version < 2.0.0")
                .hasMessageContaining("bundle needy.jar lacks org.example.thing with size >= 3")
                .hasMessageContaining("therefore these do not resolve either: other.jar");
    }

    @Test
    public void aBundleThatIsNotInTheInstallationIsNamed() throws Exception {
        live.list("hub", "bundle none.jar");

        assertThatThrownBy(() -> load("hub")).hasMessageContaining("feature 'hub' names bundle none.jar");
    }

    @Test
    public void aListWithALineThatIsNoneIsNamedWithItsLine() throws Exception {
        live.list("hub", "bundle a.jar", "package a.jar");
        assertThatThrownBy(() -> read()).hasMessageContaining("hub.list:2: 'package' is not known");

        live.list("hub", "bundle");
        assertThatThrownBy(() -> read()).hasMessageContaining("hub.list:1: 'bundle' should be a word and a name");
    }

    @Test
    public void modeEnginesAndImagesSayWhatIsNeeded() throws Exception {
        live.list("core", "bundle core.jar");
        live.list("engine-osgi", "engine osgi");
        live.list("engine-native", "engine native");
        live.list("hub", "image openedge-hub");
        live.list("function", "image openedge-function-manager", "image openedge-function-python36");
        AppConfig application = new AppConfig(
                "v1",
                List.of(
                        service("hub", "hub.example.com:5000/openedge/openedge-hub:latest", ""),
                        service("fm", "openedge-function-manager", "native"),
                        service("other", "something-else", "")),
                List.of());

        assertThat(read().needed("osgi", application))
                .extracting(FeatureList::name)
                .containsExactlyInAnyOrder("engine-osgi", "engine-native", "hub");
        assertThat(read().bringEngine("docker")).isFalse();
        assertThat(read().bringEngine("native")).isTrue();
    }

    private Features read() throws FeatureException {
        return Features.read(live.home().resolve("features"));
    }

    private void load(String feature) throws FeatureException {
        new FeatureLoader(live.context(), live.home().resolve("bundles"))
                .load(List.of(read().named(feature).orElseThrow()));
    }

    private static ServiceSpec service(String name, String image, String engine) {
        return new ServiceSpec(
                name, image, 1, null, null, null, null, Map.of(), null, null, null, engine, null, null, null);
    }
}
