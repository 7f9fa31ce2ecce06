/** What the hub counts, for operators. */
@NullMarked
package io.openedge.hub.metrics;

import org.jspecify.annotations.NullMarked;
