/**
 * The database below a service: PostgreSQL, either embedded in a data directory or reached by URL,
 * with its connection pool, its migrations and its errors as typed exceptions.
 *
 * <p>Main types: {@link io.krystaline.platform.db.Database}, {@link
 * io.krystaline.platform.db.DatabaseSettings}, {@link
 * io.krystaline.platform.db.DatabaseUnavailableException}. Imports HikariCP, Jdbi, Flyway, the
 * PostgreSQL driver and the unpackers of its binaries, and nothing of any service.
 */
@NullMarked
package io.krystaline.platform.db;

import org.jspecify.annotations.NullMarked;
