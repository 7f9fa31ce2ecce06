/** What must be safe before the hub says so. */
@NullMarked
package io.openedge.hub.store;

import org.jspecify.annotations.NullMarked;
