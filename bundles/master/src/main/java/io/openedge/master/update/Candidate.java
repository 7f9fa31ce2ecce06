package io.openedge.master.update;

import io.openedge.config.ApplicationDraft;

/**
 * An application that an update names, read and not yet known to be possible here.
 *
 * @param deployment it would be
 * @param draft knows the lines of its file
 */
record Candidate(Deployment deployment, ApplicationDraft draft) {}
