/** Runs services as containers. */
@NullMarked
package io.openedge.engine.docker;

import org.jspecify.annotations.NullMarked;
