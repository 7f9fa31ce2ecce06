/** The directory of a service on this host: its mounts as links, the packages in it, its safe removal. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.directory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
