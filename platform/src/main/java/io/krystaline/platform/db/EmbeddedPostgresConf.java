package io.krystaline.platform.db;

import java.util.List;

/** The configuration files of the embedded server. */
final class EmbeddedPostgresConf {
  /** What keeps a committed transaction through a crash; held against the running server. */
  static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

  private EmbeddedPostgresConf() {}

  /** {@code pg_hba.conf}: one user, from this machine, with a password. */
  static String access(String user) {
    return "# Written at each start.\n" + "host all " + user + " 127.0.0.1/32 scram-sha-256\n";
  }

  /** {@code postgresql.conf}: durable first, then small. */
  static String settings(int port, int connections) {
    return """
    # Written at each start.
    listen_addresses = '127.0.0.1'
    port = %d
    unix_socket_directories = ''
    max_connections = %d
    password_encryption = 'scram-sha-256'

    fsync = on
    synchronous_commit = on
    full_page_writes = on

    wal_level = minimal
    max_wal_senders = 0
    wal_compression = off
    max_wal_size = 1GB
    checkpoint_timeout = 15min
    shared_buffers = 128MB
    io_method = sync
    max_worker_processes = 2
    max_parallel_workers = 0
    max_parallel_workers_per_gather = 0
    autovacuum_max_workers = 1
    jit = off
    random_page_cost = 1.1
    tcp_keepalives_idle = 30
    client_connection_check_interval = 5000

    timezone = 'UTC'
    log_timezone = 'UTC'
    lc_messages = 'C'
    log_min_messages = warning
    log_min_error_statement = panic
    log_line_prefix = '%%m [%%p] '
    """
        .formatted(port, connections);
  }
}
