/** Configuration that benchmarks give to what they measure; PORT and USER stand for the ones of the run. */
final class BenchmarkFiles {
    /** openedge.yml of a gateway that lives in its work directory. */
    static final String OPENEDGE = """
            mode: osgi
            pidfile: var/run/openedge/openedge.pid
            server: {address: 'unix://var/run/openedge/openedge.sock'}
            """;

    /** service.yml of a hub: one user who may do everything. */
    static final String HUB = """
            listen: ['tcp://127.0.0.1:PORT']
            principals:
              - username: test
                password: hahaha
                permissions: [{action: pub, permit: ['#']}, {action: sub, permit: ['#']}]
            """;

    /** A mosquitto that keeps nothing and lets a benchmark fill it. */
    static final String MOSQUITTO = """
            listener PORT 127.0.0.1
            allow_anonymous true
            persistence false
            set_tcp_nodelay true
            max_inflight_messages 1000
            max_queued_messages 100000
            connection_messages false
            log_type error
            user USER
            """;

    private BenchmarkFiles() {}
}
