/** HTTP over a unix socket or TCP, and the JSON form of Inspect. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.rest.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
