/** Who may connect, and what they may publish and subscribe. */
@NullMarked
package io.openedge.hub.auth;

import org.jspecify.annotations.NullMarked;
