/** Loads the bundles that mode, engines and images need. */
@NullMarked
package io.openedge.master.feature;

import org.jspecify.annotations.NullMarked;
