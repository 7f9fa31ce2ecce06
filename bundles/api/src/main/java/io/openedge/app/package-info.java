/** What an application is: services, volumes and their rules, as application.yml says them. */
@Export
@Version("1.0.0")
@NullMarked
package io.openedge.app;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
