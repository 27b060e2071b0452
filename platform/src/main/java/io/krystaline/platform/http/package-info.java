/**
 * A small HTTP server: HTTP/1.1 and HTTP/2 on one port, with limits on everything that a peer can
 * make grow. {@link io.krystaline.platform.http.HttpServer} serves one {@link
 * io.krystaline.platform.http.HttpService}, usually a {@link io.krystaline.platform.http.Router};
 * {@link io.krystaline.platform.http.CorsPolicy} and {@link
 * io.krystaline.platform.http.BearerToken} wrap a service. Netty stays inside this room, apart from
 * an event loop group that a caller may share. Imports the JDK, Netty, Jackson and SLF4J.
 */
@NullMarked
package io.krystaline.platform.http;

import org.jspecify.annotations.NullMarked;
