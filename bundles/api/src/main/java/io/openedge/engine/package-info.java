/** What an engine offers to the master: running one instance of a service in one particular way. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.engine;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
