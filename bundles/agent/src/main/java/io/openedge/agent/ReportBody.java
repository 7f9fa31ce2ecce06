package io.openedge.agent;

import java.util.Map;

/**
 * A report as it is sent by POST.
 *
 * @param content of the request
 * @param headers of it
 */
record ReportBody(byte[] content, Map<String, String> headers) {}
