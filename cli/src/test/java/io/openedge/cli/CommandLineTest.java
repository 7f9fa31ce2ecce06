package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.Test;

/** What is typed, what is meant, and what is said when it is not understood. */
public class CommandLineTest {
    private static final List<Option> OPTIONS =
            List.of(new Option("-w", "DIR", ""), new Option("--wait", "N", ""), new Option("-v", "", ""));

    @Test
    public void optionsInAllTheirForms() throws Exception {
        Arguments arguments = Arguments.parse(OPTIONS, List.of("-w", "a", "-v", "--wait=3", "-w", "-b", "--", "-x"));
        assertThat(arguments.values("-w")).containsExactly("a", "-b");
        assertThat(arguments.value("-w")).contains("-b");
        assertThat(arguments.has("-v")).isTrue();
        assertThat(arguments.number("--wait", 9, 0, 9)).isEqualTo(3);
        assertThatThrownBy(arguments::refuseOperands).hasMessage("unknown argument -x");
    }

    @Test
    public void optionsThatAreNone() {
        assertMisunderstood("unknown option -z", "-z");
        assertMisunderstood("-w needs a value: -w DIR", "-w");
        assertMisunderstood("unknown option -v=1", "-v=1");
        assertThatThrownBy(
                        () -> Arguments.parse(OPTIONS, List.of("--wait", "x")).number("--wait", 1, 0, 9))
                .hasMessage("--wait: 'x' is not allowed here; allowed: 0 to 9");
        assertThatThrownBy(
                        () -> Arguments.parse(OPTIONS, List.of("--wait", "10")).number("--wait", 1, 0, 9))
                .hasMessage("--wait: '10' is not allowed here; allowed: 0 to 9");
    }

    @Test
    public void aVerbThatThereIsNot() {
        Run run = Run.of("dance");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("unknown verb dance", "openedge help");
        assertThat(run.out()).isEmpty();
    }

    @Test
    public void anOptionThatTheVerbDoesNotKnow() {
        Run run = Run.of("status", "--xml");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("status: unknown option --xml", "openedge status --help");
    }

    @Test
    public void theHelpOfEveryVerb() {
        assertThat(Run.of().code()).isEqualTo(2);
        Run all = Run.of("--help");
        assertThat(all.code()).isZero();
        for (VerbName name : VerbName.values()) {
            assertThat(all.out()).contains(name.word(), name.summary());
            Run one = Run.of(name.word(), "--help");
            assertThat(one.code()).isZero();
            assertThat(one.out()).startsWith("usage: openedge " + name.word());
            boolean withoutGateway = name == VerbName.SIGN || name == VerbName.MODULE || name == VerbName.FN;
            assertThat(one.out().contains("-w WORKDIR") && one.out().contains("-c CONF"))
                    .as(name.word())
                    .isNotEqualTo(withoutGateway);
            assertThat(one).isEqualTo(Run.of("help", name.word()));
        }
        assertThat(all.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    public void theWordsThatAVerbNeeds() {
        assertThat(Run.of("restart").err()).contains("restart: needed: SERVICE");
        assertThat(Run.of("restart", "a", "b").err()).contains("unknown argument b");
        assertThat(Run.of("restart", "../x").err()).contains("SERVICE: '../x' is not allowed here");
        assertThat(Run.of("stop-instance", "a", "b/c").err()).contains("INSTANCE: 'b/c' is not allowed here");
        assertThat(Run.of("start-instance", "a", "b", "c").err())
                .contains("'c' is not allowed here; allowed: KEY=VALUE");
        assertThat(Run.of("start-instance", "a", "b", "c=1", "c=2").err()).contains("c is given twice");
        assertThat(Run.of("start-instance", "a").code()).isEqualTo(2);
        assertThat(Run.of("start-instance", "--help").out())
                .startsWith("usage: openedge start-instance SERVICE INSTANCE [KEY=VALUE...] [OPTION...]: start");
    }

    @Test
    public void theVersion() {
        Run run = Run.of("version");
        assertThat(run.code()).isZero();
        assertThat(run.out()).matches("openedge \\d+\\.\\d+\\.\\d+, java .+\n");
    }

    private static void assertMisunderstood(String reason, String... words) {
        assertThatThrownBy(() -> Arguments.parse(OPTIONS, List.of(words)))
                .isInstanceOf(UsageException.class)
                .hasMessage(reason);
    }
}
