package io.openedge.function.python;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.python.PythonConfig.FunctionConfig;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import io.openedge.module.ProcessUser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An instance of a Python runtime: one worker and the file that it runs. */
final class PythonInstance implements ModuleInstance {
    private static final int PROTOCOL = 1;

    private final WorkerScript script;
    private final Worker worker;
    private final FunctionServerConfig server;

    private PythonInstance(WorkerScript script, Worker worker, FunctionServerConfig server) {
        this.script = script;
        this.worker = worker;
        this.server = server;
    }

    /** Starts a worker; returns when it has loaded its functions. */
    static PythonInstance start(ModuleContext context, PythonVersion version) throws Exception {
        PythonConfig config = context.configuration(PythonConfig.class);
        Map<String, String> environment = WorkerEnvironment.of(System.getenv(), context.environment(), context.user());
        Interpreter interpreter =
                Interpreter.find(version, config.python(), context.directory(), environment, launcher(context));
        warn(context, config);
        WorkerScript script = WorkerScript.write(context.user());
        try {
            Process process = launch(context, interpreter, script, environment);
            Worker worker = new Worker(
                    process,
                    context.instance(),
                    hello(context, config, script),
                    WorkerLimits.of(config),
                    script::lastCall,
                    context.logger(),
                    context::fail);
            awaitReady(context, interpreter, worker);
            return new PythonInstance(script, worker, config.server());
        } catch (Exception e) {
            script.close();
            throw e;
        }
    }

    private static void awaitReady(ModuleContext context, Interpreter interpreter, Worker worker)
            throws IOException, InterruptedException {
        try {
            context.logger().info("{} is ready: {}", interpreter.executable(), worker.awaitReady());
        } catch (IOException | InterruptedException e) {
            worker.close();
            throw e;
        }
    }

    private static void warn(ModuleContext context, PythonConfig config) {
        for (FunctionConfig function : config.functions()) {
            if (!Files.isDirectory(context.resolve(function.codedir()))) {
                context.logger().warn("function '{}': codedir '{}' is no folder", function.name(), function.codedir());
            }
        }
    }

    private static List<String> launcher(ModuleContext context) {
        return context.user().map(ProcessUser::launcher).orElseGet(List::of);
    }

    private static Process launch(
            ModuleContext context, Interpreter interpreter, WorkerScript script, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(launcher(context));
        command.addAll(List.of(interpreter.path().toString(), script.file().toString(), context.instance()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(context.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Frame hello(ModuleContext context, PythonConfig config, WorkerScript script)
            throws JsonProcessingException {
        List<Map<String, Object>> functions = config.functions().stream()
                .map(f -> describe(context, config, f))
                .toList();
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("protocol", PROTOCOL);
        hello.put("longest", config.longest());
        hello.put("progress", script.progress().toString());
        hello.put("functions", functions);
        return Frame.of(Frame.Kind.HELLO, new ObjectMapper().writeValueAsBytes(hello));
    }

    private static Map<String, Object> describe(ModuleContext context, PythonConfig config, FunctionConfig function) {
        return Map.of(
                "name", function.name(),
                "handler", function.handler(),
                "codedir", context.resolve(function.codedir()).toString(),
                "longest", function.longest(config.longest()),
                "memory", function.memory().limit().bytes(),
                "cpu", function.cpu().limit().toMillis() / 1e3,
                "reload", function.reload());
    }

    @Override
    public Optional<FunctionEndpoint> endpoint() {
        return Optional.of(worker);
    }

    @Override
    public FunctionServerConfig server() {
        return server;
    }

    @Override
    public List<ProcessHandle> processes() {
        return List.of(worker.process());
    }

    @Override
    public void close() throws IOException {
        worker.close();
        script.close();
    }
}
