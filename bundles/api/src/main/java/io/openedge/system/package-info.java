/** The gateway as its callers see it: what runs, what may be done, what an update would do. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.system;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
