/** Connections of modules to a hub or a cloud. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.mqtt.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
