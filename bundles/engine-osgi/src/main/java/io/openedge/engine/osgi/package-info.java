/** Runs modules inside the framework. */
@NullMarked
package io.openedge.engine.osgi;

import org.jspecify.annotations.NullMarked;
