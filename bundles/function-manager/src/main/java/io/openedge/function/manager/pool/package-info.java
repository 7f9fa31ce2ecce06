/** Pools of function instances and the calls that wait for them. */
@NullMarked
package io.openedge.function.manager.pool;

import org.jspecify.annotations.NullMarked;
