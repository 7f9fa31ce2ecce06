/** A module's connection to a hub or to a broker elsewhere. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.mqtt;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
