/** Runs services as processes of this host. */
@NullMarked
package io.openedge.engine.process;

import org.jspecify.annotations.NullMarked;
