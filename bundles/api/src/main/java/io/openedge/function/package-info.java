/** Messages to functions and the places that compute them. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.function;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
