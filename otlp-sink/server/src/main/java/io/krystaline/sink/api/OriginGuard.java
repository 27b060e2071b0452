package io.krystaline.sink.api;

import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequestHead;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps web pages of other origins from changing anything: a browser says where a request comes
 * from, and other clients say nothing.
 */
final class OriginGuard {
  private final Set<String> origins;

  OriginGuard(Set<String> origins) {
    this.origins = origins;
  }

  /**
   * Checks a request with an unsafe method.
   *
   * @throws HttpException 403 if a page of another origin sent it
   */
  void check(HttpRequestHead head) {
    Optional<String> origin = head.headers().first("origin");
    if (origin.isPresent()) {
      if (!origins.contains(origin.get()) && !isOwn(origin.get(), head)) {
        throw new HttpException(403, "this origin may not change anything here");
      }
      return;
    }
    String site = head.headers().first("sec-fetch-site").orElse("none");
    if (!site.equals("none") && !site.equals("same-origin")) {
      throw new HttpException(403, "a page of another site may not change anything here");
    }
  }

  private static boolean isOwn(String origin, HttpRequestHead head) {
    String scheme = head.secure() ? "https://" : "http://";
    return head.headers()
        .first("host")
        .filter(host -> origin.equalsIgnoreCase(scheme + host))
        .isPresent();
  }
}
