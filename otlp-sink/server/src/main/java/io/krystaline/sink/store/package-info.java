/**
 * What the sink keeps: anomalies with the traces that they belong to, hourly statistics and
 * baselines of each operation, the runs of the recalculation, and incidents with what people did
 * with them.
 *
 * <p>Main types: {@link io.krystaline.sink.store.AnomalyStore}, {@link
 * io.krystaline.sink.store.StatisticsStore}, {@link io.krystaline.sink.store.BaselineStore}, {@link
 * io.krystaline.sink.store.RecalculationStore}, {@link io.krystaline.sink.store.IncidentStores},
 * each with a PostgreSQL implementation, and {@link io.krystaline.sink.store.Retention}. Imports
 * {@code engine.span}, {@code engine.score}, {@code engine.incident}, {@code platform.db} and
 * Jackson; knows nothing of receivers, pipelines or the API.
 */
@NullMarked
package io.krystaline.sink.store;

import org.jspecify.annotations.NullMarked;
