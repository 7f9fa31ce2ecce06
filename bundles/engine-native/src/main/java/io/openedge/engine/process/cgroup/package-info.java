/** Control groups of both versions: membership of a run's processes and its limits. */
@NullMarked
package io.openedge.engine.process.cgroup;

import org.jspecify.annotations.NullMarked;
