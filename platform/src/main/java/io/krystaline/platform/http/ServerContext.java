package io.krystaline.platform.http;

/**
 * What every connection of a server shares. Immutable apart from the switch to draining; safe on
 * every thread.
 */
final class ServerContext {
  private final HttpServerSettings settings;
  private final HttpService service;
  private final Answers answers;
  private final HttpServerListener listener;
  private final BlockingRequests blocking;
  private final BodyMemory bodyMemory;
  private final DateHeader date;
  private volatile boolean draining;

  ServerContext(
      HttpServerSettings settings,
      HttpService service,
      ErrorRenderer errors,
      HttpServerListener listener,
      BlockingRequests blocking,
      DateHeader date) {
    this.settings = settings;
    this.service = service;
    this.answers = new Answers(service, errors, settings.compressAboveBytes());
    this.listener = listener;
    this.blocking = blocking;
    this.bodyMemory = new BodyMemory(settings.bufferedBodyBytesMax());
    this.date = date;
  }

  HttpServerSettings settings() {
    return settings;
  }

  HttpService service() {
    return service;
  }

  Answers answers() {
    return answers;
  }

  HttpServerListener listener() {
    return listener;
  }

  BlockingRequests blocking() {
    return blocking;
  }

  BodyMemory bodyMemory() {
    return bodyMemory;
  }

  DateHeader date() {
    return date;
  }

  boolean draining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
