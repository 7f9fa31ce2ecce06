/** The context that every module gets. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.module.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
