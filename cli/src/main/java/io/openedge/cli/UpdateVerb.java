package io.openedge.cli;

import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.SystemJson;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdatePlan.Step;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Changes the application of the running gateway and waits until that is over. */
final class UpdateVerb implements Verb {
    private static final int LOOK_MILLIS = 300;

    @Override
    public List<Option> options() {
        return List.of(
                new Option("--dry-run", "", "only show what would happen"),
                new Option("--json", "", "the plan or the result as the gateway itself tells it"),
                new Option("--cancel", "", "give up the update that runs"));
    }

    @Override
    public String operands() {
        return "[PATH]";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> operands = arguments.operandsFrom(0, operands());
        WorkDirectory work = WorkDirectory.running(arguments);
        if (operands.size() > 1) {
            throw new UsageException("unknown argument " + operands.get(1) + "; needed: " + operands());
        }
        if (arguments.has("--cancel")) {
            Operator.askFor(work, GatewayClient::cancelUpdate);
            return OK;
        }
        String path = operands.isEmpty() ? "" : absolute(operands.get(0));
        boolean json = arguments.has("--json");
        if (!arguments.has("--dry-run")) {
            return update(work, path, json, console);
        }
        if (json) {
            console.say(Operator.askFor(work, client -> client.planText(path)));
        } else {
            UpdatePlan plan = Operator.askFor(work, client -> client.plan(path));
            plan.warnings().forEach(warning -> console.complain("warning: " + warning));
            say(plan, console);
        }
        return OK;
    }

    /** A file or folder of where the operator stands; else the gateway looks in its work directory. */
    private static String absolute(String path) {
        Path here = Path.of(path).toAbsolutePath().normalize();
        return Files.exists(here) ? here.toString() : path;
    }

    private static int update(WorkDirectory work, String path, boolean json, Console console) throws Exception {
        UpdateResult result = Operator.askFor(work, client -> follow(client, path, console));
        if (json) {
            console.say(SystemJson.write(result));
        }
        if (!json) {
            result.warnings().forEach(warning -> console.complain("warning: " + warning));
        }
        String version = result.version().isEmpty() ? "" : " " + result.version();
        if (result.outcome() == Outcome.COMMITTED) {
            if (!json) {
                console.say("application" + version + " runs");
            }
            return OK;
        }
        String lines = result.reason().contains("\n") ? "\n" : " ";
        console.complain("the update was "
                + result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", application" + version
                + " is the one that counts:" + lines + result.reason());
        return FAILED;
    }

    /** Says each new phase on standard error until the update is over. */
    private static CompletableFuture<UpdateResult> follow(GatewayClient client, String path, Console console) {
        CompletableFuture<UpdateResult> over = client.updateToItsEnd(path);
        String said = "";
        while (!over.isDone()) {
            try {
                over.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                said = sayPhase(client, said, console);
            } catch (ExecutionException e) {
                return over;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return over;
            }
        }
        return over;
    }

    private static String sayPhase(GatewayClient client, String before, Console console) {
        try {
            UpdateProgress progress = Answers.await(client.updateProgress());
            if (!progress.phase().isEmpty() && !progress.phase().equals(before)) {
                console.complain(progress.phase());
            }
            return progress.phase();
        } catch (IOException e) {
            return before; // the answer to the update itself tells more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return before;
        }
    }

    private static void say(UpdatePlan plan, Console console) {
        console.say("update from " + version(plan.from()) + " to " + version(plan.to()));
        for (Step step : plan.steps()) {
            console.say(String.format(
                    Locale.ROOT,
                    "  %-5s  %-20s  %s",
                    step.action().name().toLowerCase(Locale.ROOT),
                    step.service(),
                    step.reason()));
        }
    }

    private static String version(String version) {
        return version.isEmpty() ? "an application without a version" : version;
    }
}
