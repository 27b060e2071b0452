package io.krystaline.platform.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/** The standard phrase of a status. */
final class StatusText {
  private StatusText() {}

  static String of(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
