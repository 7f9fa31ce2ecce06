/** What the gateway shows of itself. */
@NullMarked
package io.openedge.master.status;

import org.jspecify.annotations.NullMarked;
