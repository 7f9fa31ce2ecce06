package io.openedge.agent;

import java.nio.file.Path;

/** An agent in a process of its own, so that it can be killed. */
final class AgentProcess {
    private AgentProcess() {}

    /** The agent's folder, and the work directory of its gateway. */
    public static void main(String[] args) throws Exception {
        AgentContext context = new AgentContext(Path.of(args[0]), new FakeGateway(Path.of(args[1])));
        AgentInstance.start(context, context.configuration(AgentConfig.class));
    }
}
