package io.openedge.module;

import java.util.List;

/**
 * The user as whom an instance runs what it starts outside. Immutable.
 *
 * @param name to log in; the number where this host has no name for it
 * @param uid number
 * @param gid number of its first group
 * @param home its folder
 * @param launcher words of a command that start a program as this user; the program's own follow
 */
public record ProcessUser(String name, int uid, int gid, String home, List<String> launcher) {
    public ProcessUser {
        launcher = List.copyOf(launcher);
    }
}
