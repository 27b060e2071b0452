package io.krystaline.sink;

/**
 * Where a started sink really listens.
 *
 * @param otlpGrpc host and port, for example {@code 127.0.0.1:4317}
 * @param otlpHttp URL, for example {@code http://127.0.0.1:4318}
 * @param api URL, for example {@code http://127.0.0.1:8090}
 */
public record ListenAddresses(String otlpGrpc, String otlpHttp, String api) {}
