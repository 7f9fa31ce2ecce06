/** Library: archives from elsewhere, from the download to the folder in its place. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.archive;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
