/** The HTTP face of the gateway. */
@NullMarked
package io.openedge.rest;

import org.jspecify.annotations.NullMarked;
