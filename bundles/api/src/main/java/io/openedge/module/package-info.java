/** What a module offers to an engine, and what it is given when it starts. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.module;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
