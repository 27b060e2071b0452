package io.krystaline.platform.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what handlers give into what is sent: renders errors, lets the service's filters add their
 * headers, compresses. One for a server; safe on every thread.
 */
final class Answers {
  private static final Logger logger = LoggerFactory.getLogger(Answers.class);

  private final HttpService service;
  private final ErrorRenderer errors;
  private final int compressAboveBytes;

  Answers(HttpService service, ErrorRenderer errors, int compressAboveBytes) {
    this.service = service;
    this.errors = errors;
    this.compressAboveBytes = compressAboveBytes;
  }

  /** The answer as it is sent. */
  HttpResponse finished(HttpRequestHead asked, HttpResponse response) {
    try {
      HttpResponse decorated = service.decorate(asked, response);
      return ResponseFinisher.compress(asked, decorated, compressAboveBytes);
    } catch (RuntimeException e) {
      logger.error("the answer to {} {} cannot be finished", asked.method(), asked.path(), e);
      return HttpResponse.of(500);
    }
  }

  /** The answer that an error gives. */
  HttpResponse rendered(HttpRequestHead asked, HttpError error) {
    try {
      return errors.render(asked, error).withHeaders(error.headers());
    } catch (RuntimeException e) {
      logger.error("the error renderer failed for status {}", error.status(), e);
      return HttpResponse.of(error.status()).withHeaders(error.headers());
    }
  }

  /** What the client is told about an exception; logs those that are not meant for it. */
  HttpError errorOf(HttpRequestHead asked, Throwable cause) {
    if (cause instanceof HttpException expected) {
      return expected.error();
    }
    logger.error("{} {} failed", asked.method(), asked.path(), cause);
    return new HttpError(500, "the server failed to answer this request");
  }
}
