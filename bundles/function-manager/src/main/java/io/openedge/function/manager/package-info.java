/** The function manager: the module and its configuration. */
@NullMarked
package io.openedge.function.manager;

import org.jspecify.annotations.NullMarked;
