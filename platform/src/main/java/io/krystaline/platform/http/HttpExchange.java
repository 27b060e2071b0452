package io.krystaline.platform.http;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request and the door for its answer. The answer may be given from any thread, exactly once.
 * An answer that comes after the request timed out or its connection was lost is dropped silently:
 * the client was answered, or is gone.
 */
public final class HttpExchange {
  private final HttpRequest request;
  private final RequestFlow flow;
  private final AtomicBoolean answered = new AtomicBoolean();

  HttpExchange(HttpRequest request, RequestFlow flow) {
    this.request = request;
    this.flow = flow;
  }

  /** The request. */
  public HttpRequest request() {
    return request;
  }

  /**
   * Answers.
   *
   * @throws IllegalStateException if an answer was given already
   */
  public void respond(HttpResponse response) {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("the request was answered already");
    }
    flow.answer(this, response);
  }

  /**
   * Answers with an error in the server's form.
   *
   * @throws IllegalStateException if an answer was given already
   */
  public void fail(HttpError error) {
    respond(flow.answers().rendered(request.head(), error));
  }

  /**
   * Answers with the error that the exception stands for: an {@link HttpException} as it says; any
   * other is logged and answered with 500 and no detail of it.
   *
   * @throws IllegalStateException if an answer was given already
   */
  public void fail(Throwable cause) {
    fail(flow.answers().errorOf(request.head(), cause));
  }

  void runBlocking(BlockingHandler handler) {
    flow.runBlocking(this, handler);
  }

  /** What the server calls when a handler threw: the handler may have answered before. */
  void failUnlessAnswered(Throwable cause) {
    HttpError error = flow.answers().errorOf(request.head(), cause);
    if (answered.compareAndSet(false, true)) {
      flow.answer(this, flow.answers().rendered(request.head(), error));
    }
  }

  @Override
  public String toString() {
    return "exchange of " + request;
  }
}
