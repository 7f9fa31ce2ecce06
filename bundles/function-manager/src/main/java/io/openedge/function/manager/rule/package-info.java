/** Rules: what comes from the hub, is computed, and goes back. */
@NullMarked
package io.openedge.function.manager.rule;

import org.jspecify.annotations.NullMarked;
