package io.openedge.app;

/** Limits of one instance. Immutable; zero and empty mean no limit. */
public record Resources(Cpu cpu, Memory memory, Pids pids) {
    /** No limits. */
    public static final Resources NONE = new Resources(null, null, null);

    public Resources {
        cpu = cpu == null ? new Cpu(0, null) : cpu;
        memory = memory == null ? new Memory(null, null) : memory;
        pids = pids == null ? new Pids(0) : pids;
    }

    /**
     * @param cpus how many cores' time, for example 1.5
     * @param setCpus which cores, for example {@code 0-2}
     */
    public record Cpu(double cpus, String setCpus) {
        public Cpu {
            setCpus = setCpus == null ? "" : setCpus;
            if (!(cpus >= 0)) {
                throw new InvalidValueException("cpus", cpus, "a number of cores, 0 or more");
            }
        }
    }

    /**
     * @param limit of memory
     * @param swap of memory and swap together
     */
    public record Memory(ByteSize limit, ByteSize swap) {
        public Memory {
            limit = limit == null ? ByteSize.ZERO : limit;
            swap = swap == null ? ByteSize.ZERO : swap;
        }
    }

    /** @param limit of processes and threads together */
    public record Pids(long limit) {
        public Pids {
            if (limit < 0) {
                throw new InvalidValueException("limit", limit, "0 (no limit) or more");
            }
        }
    }
}
