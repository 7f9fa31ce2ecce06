/** The agent: status to the cloud, updates from it. */
@NullMarked
package io.openedge.agent;

import org.jspecify.annotations.NullMarked;
