package io.openedge.hub.session;

/** Words of clients in the log. Stateless. */
final class LogText {
    private LogText() {}

    /** Without what would break a line of the log. */
    static String of(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .limit(300)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
