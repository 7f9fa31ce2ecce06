/** Signed manifests of application sets: what is in a set, who says so, until when. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.config.trust;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
