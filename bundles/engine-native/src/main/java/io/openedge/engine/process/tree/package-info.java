/** Processes as the kernel lists them: trees of a run, what finds them again, signals. */
@NullMarked
package io.openedge.engine.process.tree;

import org.jspecify.annotations.NullMarked;
