/**
 * The sink's HTTP API: what it has found, under {@code /api/monitor}, and its probes. {@link
 * io.krystaline.sink.api.MonitorApi} is the whole of it as an {@link
 * io.krystaline.platform.http.HttpService}; {@link io.krystaline.sink.api.LiveFeed} pushes new
 * anomalies and changes of incidents to WebSockets. {@code openapi.json} beside it is the contract,
 * held by a test. Imports {@code view}, {@code store}, {@code incident}, {@code recalculate},
 * {@code checkpoint}, the engine and the platform's HTTP; no SQL, no Netty.
 */
@NullMarked
package io.krystaline.sink.api;

import org.jspecify.annotations.NullMarked;
