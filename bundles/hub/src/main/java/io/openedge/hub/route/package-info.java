/** Topics, filters, and where a message goes. */
@NullMarked
package io.openedge.hub.route;

import org.jspecify.annotations.NullMarked;
