package io.openedge.rest.client;

import io.openedge.system.GpuStats.Gpu;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inspect as the first releases had it: {@code cpu_stats} and {@code gpu_stats} of the host differ. Stateless. */
final class OlderInspect {
    private OlderInspect() {}

    static Map<String, Object> members(Inspect inspect) {
        Map<String, Object> members = RecordWriter.members(inspect);
        Map<String, Object> hardware = RecordWriter.members(inspect.hardware());
        replace(hardware, "cpu_stats", cpu(inspect.hardware()));
        List<Map<String, Object>> gpus = inspect.hardware().gpuStats().gpus().stream()
                .map(OlderInspect::gpu)
                .toList();
        replace(hardware, "gpu_stats", gpus);
        if (members.containsKey("hardware")) {
            replace(members, "hardware", hardware);
        }
        return members;
    }

    private static Map<String, Object> cpu(Hardware hardware) {
        Map<String, Object> cpu = new LinkedHashMap<>();
        replace(cpu, "cpus", hardware.cpuStats().cpus().size());
        replace(cpu, "used_percent", hardware.cpuStats().usedPercent());
        return cpu;
    }

    private static Map<String, Object> gpu(Gpu gpu) {
        Map<String, Object> memory = new LinkedHashMap<>();
        replace(memory, "total", gpu.memTotal());
        replace(memory, "free", gpu.memFree());
        replace(memory, "used", gpu.memTotal() - gpu.memFree());
        replace(memory, "used_percent", gpu.memUsedPercent());
        Map<String, Object> members = new LinkedHashMap<>();
        replace(members, "id", gpu.index());
        replace(members, "model", gpu.model());
        replace(members, "mem_stat", memory);
        return members;
    }

    private static void replace(Map<String, Object> members, String key, Object value) {
        if (RecordWriter.isLeftOut(value)) {
            members.remove(key);
        } else {
            members.put(key, value);
        }
    }
}
