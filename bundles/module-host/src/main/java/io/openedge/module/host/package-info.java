/** Runs one module as a process: what the native and docker engines start. */
@NullMarked
package io.openedge.module.host;

import org.jspecify.annotations.NullMarked;
