/** What the build makes by itself. Runs at build time only and is no part of the gateway. */
@NullMarked
package io.openedge.build;

import org.jspecify.annotations.NullMarked;
