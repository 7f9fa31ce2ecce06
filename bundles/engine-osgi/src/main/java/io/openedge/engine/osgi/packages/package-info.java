/** Packages: bundles that belong to one service, installed beside what the gateway has and apart from it. */
@NullMarked
package io.openedge.engine.osgi.packages;

import org.jspecify.annotations.NullMarked;
