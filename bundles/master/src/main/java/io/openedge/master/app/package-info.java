/** From the application's file to what an engine needs: volumes, environment, addresses of services. */
@NullMarked
package io.openedge.master.app;

import org.jspecify.annotations.NullMarked;
