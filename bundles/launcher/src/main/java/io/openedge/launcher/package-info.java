/** Starts the framework. */
@NullMarked
package io.openedge.launcher;

import org.jspecify.annotations.NullMarked;
