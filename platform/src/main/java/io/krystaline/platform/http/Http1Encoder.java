package io.krystaline.platform.http;

import io.netty.handler.codec.http.HttpResponseEncoder;

/** Writes HTTP/1.1 answers; a type of its own, so that it is found in a pipeline. */
final class Http1Encoder extends HttpResponseEncoder {}
