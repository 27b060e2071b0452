/**
 * What the sink keeps: anomalies with the traces that they belong to, hourly statistics and
 * baselines of each operation, and the runs of the recalculation.
 *
 * <p>Main types: {@link io.krystaline.sink.store.AnomalyStore}, {@link
 * io.krystaline.sink.store.StatisticsStore}, {@link io.krystaline.sink.store.BaselineStore}, {@link
 * io.krystaline.sink.store.RecalculationStore}, each with a PostgreSQL implementation, and {@link
 * io.krystaline.sink.store.Retention}. Imports {@code engine.span}, {@code engine.score} and {@code
 * platform.db}; knows nothing of receivers, pipelines or the API.
 */
@NullMarked
package io.krystaline.sink.store;

import org.jspecify.annotations.NullMarked;
