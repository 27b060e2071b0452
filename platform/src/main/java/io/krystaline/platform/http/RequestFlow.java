package io.krystaline.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request after the other on an HTTP/1.1 connection, or the one request of an HTTP/2 stream:
 * admitted, its body gathered within its limits, handled, answered. Subclasses translate from and
 * to the wire. Everything runs on the channel's event loop, apart from {@link #answer}.
 */
// A write or close that fails ends the channel, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
abstract class RequestFlow extends ChannelInboundHandlerAdapter implements Watched {
  private static final Logger logger = LoggerFactory.getLogger(RequestFlow.class);
  private static final HttpHeaders RETRY_SOON = HttpHeaders.of("retry-after", "1");

  /** How much of a body that nobody wants is read, so that its sender sees the answer. */
  private static final long DISCARDED_BYTES_MAX = 256L << 20;

  private static final Duration DISCARD_TIMEOUT = java.time.Duration.ofSeconds(10);

  protected final ServerContext server;
  private final Ticks ticks;
  private final BodyGatherer body;

  private @Nullable ChannelHandlerContext context;
  private Phase phase = Phase.AWAITING_HEAD;
  private int phaseTicks;
  private int bodyTicks;

  private @Nullable HttpRequestHead head;
  private Admission.@Nullable Handle admitted;
  private Admission.@Nullable OpenWebSocket webSocket;
  private @Nullable HttpExchange current;
  private long bodyBytesMax;
  private long receivedBytes;
  private long headNanos;
  private boolean requestEnded;
  private boolean answerWritten;
  private boolean closesAfter;

  RequestFlow(ServerContext server) {
    this.server = server;
    this.ticks = Ticks.of(server.settings());
    this.body = new BodyGatherer(server.bodyMemory());
  }

  /** Sends {@code 100 Continue}. */
  abstract void sendContinue();

  /**
   * Sends the answer.
   *
   * @param hasBody false for HEAD, 204 and 304
   * @param last whether the connection ends after it
   */
  abstract ChannelFuture send(HttpResponse response, boolean hasBody, boolean last);

  /** Answer and request are both over. */
  abstract void exchangeEnded(boolean last);

  /** The answer is out, the body is not in; asks for no more than to be read and dropped. */
  abstract void discardingBegins(boolean last);

  /** Whether reading must wait while a handler has the request. */
  abstract void pauseReading(boolean pause);

  /** Turns the connection into a WebSocket, or refuses. */
  abstract void openWebSocket(HttpRequestHead asked, Admission.OpenWebSocket admission);

  /** Ends at once what this flow runs on. */
  abstract void abort();

  /** Whether the connection can be used for another request after the current one. */
  abstract boolean keepsAlive();

  /** Whether a head has begun to arrive. */
  abstract boolean headBegun();

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  protected final ChannelHandlerContext context() {
    ChannelHandlerContext known = context;
    if (known == null) {
      throw new IllegalStateException("the flow is in no pipeline yet");
    }
    return known;
  }

  protected final Phase phase() {
    return phase;
  }

  /** Whether the whole request has been read. */
  protected final boolean requestEnded() {
    return requestEnded;
  }

  private void enter(Phase next) {
    phase = next;
    phaseTicks = 0;
  }

  // ---- what arrives

  /** A head has arrived whole. */
  protected final void headArrived(
      HttpRequestHead arrived, long contentLength, boolean expectsContinue) {
    head = arrived;
    headNanos = System.nanoTime();
    admitted = null;
    webSocket = null;
    receivedBytes = 0;
    bodyTicks = 0;
    requestEnded = false;
    answerWritten = false;
    enter(Phase.READING_BODY);
    if (server.draining()) {
      refuse(HttpRefusal.DRAINING, new HttpError(503, "the server is stopping", RETRY_SOON), true);
      return;
    }
    if (arrived.method().equals("TRACE") || arrived.method().equals("CONNECT")) {
      HttpError error = new HttpError(405, "the server does not take this method");
      answerEarly(
          server
              .answers()
              .rendered(
                  arrived, error.withHeader("allow", "DELETE, GET, HEAD, OPTIONS, POST, PUT")),
          false);
      return;
    }
    admit(arrived, contentLength, expectsContinue);
  }

  private void admit(HttpRequestHead arrived, long contentLength, boolean expectsContinue) {
    Admission admission;
    try {
      admission = server.service().admit(arrived);
    } catch (RuntimeException e) {
      admission = new Admission.Refuse(server.answers().errorOf(arrived, e));
    }
    switch (admission) {
      case Admission.Answer answer -> answerEarly(answer.response(), expectsContinue);
      case Admission.Refuse refuse ->
          answerEarly(server.answers().rendered(arrived, refuse.error()), expectsContinue);
      case Admission.OpenWebSocket open -> {
        bodyBytesMax = 0;
        webSocket = open;
      }
      case Admission.Handle handle -> {
        admitted = handle;
        bodyBytesMax =
            handle.bodyBytesMax() == Admission.Handle.SERVER_LIMIT
                ? server.settings().bodyBytesMax()
                : handle.bodyBytesMax();
        if (contentLength > bodyBytesMax) {
          refuseTooLarge();
        } else if (expectsContinue) {
          sendContinue();
        }
      }
    }
  }

  /** A piece of the body has arrived; takes its reference over. */
  protected final void bodyArrived(ByteBuf piece) {
    int bytes = piece.readableBytes();
    receivedBytes += bytes;
    bodyTicks = 0;
    if (phase != Phase.READING_BODY || bytes == 0) {
      piece.release();
      if (phase == Phase.DISCARDING && receivedBytes > DISCARDED_BYTES_MAX) {
        abort();
      }
      return;
    }
    if (receivedBytes > bodyBytesMax) {
      piece.release();
      refuseTooLarge();
    } else if (!body.add(context().alloc(), piece)) {
      HttpError error = new HttpError(503, "the server holds too many bodies", RETRY_SOON);
      refuse(HttpRefusal.BODY_MEMORY, error, true);
    }
  }

  /** The request has arrived whole. */
  protected final void requestArrived() {
    requestEnded = true;
    Admission.OpenWebSocket asked = webSocket;
    HttpRequestHead known = head;
    if (phase == Phase.READING_BODY && asked != null && known != null) {
      webSocket = null;
      openWebSocket(known, asked);
    } else if (phase == Phase.READING_BODY) {
      dispatch();
    } else {
      endIfOver();
    }
  }

  /** The request cannot be read any further. */
  protected final void requestUnreadable(
      HttpRequestHead known, HttpRefusal reason, HttpError error) {
    if (phase == Phase.AWAITING_HEAD) {
      head = known;
      headNanos = System.nanoTime();
      requestEnded = false;
      answerWritten = false;
      receivedBytes = 0;
      enter(Phase.READING_BODY);
    }
    if (phase == Phase.READING_BODY) {
      refuse(reason, error, true);
    } else {
      abort();
    }
  }

  private void dispatch() {
    Admission.Handle handle = admitted;
    HttpRequestHead known = head;
    if (handle == null || known == null) {
      throw new IllegalStateException("a request is handled that was not admitted");
    }
    enter(Phase.HANDLING);
    HttpRequest request = new HttpRequest(known, handle.pathParameters(), body.take());
    HttpExchange exchange = new HttpExchange(request, this);
    current = exchange;
    try {
      handle.handler().handle(exchange);
    } catch (Throwable e) {
      exchange.failUnlessAnswered(e);
    }
    if (current == exchange) {
      pauseReading(true);
    }
  }

  private void dropBody() {
    body.take().release();
    HttpExchange exchange = current;
    if (exchange != null) {
      current = null;
      exchange.request().body().release();
    }
  }

  // ---- what goes out

  final Answers answers() {
    return server.answers();
  }

  final void runBlocking(HttpExchange exchange, BlockingHandler handler) {
    server.blocking().run(exchange, handler);
  }

  /** Takes a handler's answer, on any thread. */
  final void answer(HttpExchange exchange, HttpResponse response) {
    HttpResponse finished = server.answers().finished(exchange.request().head(), response);
    if (context().executor().inEventLoop()) {
      deliver(exchange, finished);
      return;
    }
    try {
      context().executor().execute(() -> deliver(exchange, finished));
    } catch (RejectedExecutionException e) {
      logger.debug("an answer came after the event loop ended", e);
      exchange.request().body().release();
    }
  }

  private void deliver(HttpExchange exchange, HttpResponse response) {
    exchange.request().body().release();
    if (current != exchange) {
      return;
    }
    current = null;
    write(response, false);
  }

  private void refuseTooLarge() {
    HttpError error = new HttpError(413, "the body is longer than " + bodyBytesMax + " bytes");
    refuse(HttpRefusal.BODY_TOO_LARGE, error, true);
  }

  private void refuse(HttpRefusal reason, HttpError error, boolean last) {
    server.listener().refused(reason);
    HttpRequestHead known = head;
    if (known == null) {
      abort();
    } else {
      answerEarly(server.answers().rendered(known, error), last);
    }
  }

  /** Refuses what the server was asked for. */
  protected final void refuseEarly(HttpError error) {
    HttpRequestHead known = head;
    if (known != null) {
      answerEarly(server.answers().rendered(known, error), false);
    }
  }

  /** Answers although the request may not be read to its end. */
  private void answerEarly(HttpResponse response, boolean last) {
    HttpRequestHead known = head;
    dropBody();
    if (known != null) {
      write(server.answers().finished(known, response), last);
    }
  }

  private void write(HttpResponse response, boolean last) {
    HttpRequestHead known = head;
    if (known == null || phase == Phase.CLOSED) {
      return;
    }
    enter(Phase.WRITING);
    int status = response.status();
    boolean hasBody = !known.method().equals("HEAD") && status != 204 && status != 304;
    boolean ends = last || server.draining() || !keepsAlive();
    ChannelFuture sent = send(response, hasBody, ends);
    String route = admitted == null ? "" : admitted.route();
    server.listener().answered(known, route, status, System.nanoTime() - headNanos);
    if (sent.isDone()) {
      written(sent, ends);
    } else {
      pauseReading(true);
      sent.addListener(done -> written(sent, ends));
    }
  }

  private void written(ChannelFuture sent, boolean last) {
    if (phase == Phase.CLOSED) {
      return;
    }
    if (!sent.isSuccess()) {
      abort();
      return;
    }
    answerWritten = true;
    closesAfter = last;
    if (requestEnded) {
      endIfOver();
    } else {
      enter(Phase.DISCARDING);
      discardingBegins(last);
    }
    if (phase != Phase.CLOSED) {
      pauseReading(false);
    }
  }

  private void endIfOver() {
    if (answerWritten && requestEnded && phase != Phase.CLOSED) {
      // After a last answer a request that was pipelined behind it is not handled any more.
      enter(closesAfter ? Phase.CLOSED : Phase.AWAITING_HEAD);
      head = null;
      admitted = null;
      exchangeEnded(closesAfter);
    }
  }

  // ---- time and ends

  /** Called at a steady pace by the connection. */
  @Override
  public final void tick() {
    phaseTicks++;
    bodyTicks++;
    HttpServerSettings settings = server.settings();
    switch (phase) {
      case AWAITING_HEAD -> awaitingHead(settings);
      case READING_BODY -> {
        if (ticks.reached(bodyTicks, settings.bodyIdleTimeout())
            || ticks.reached(phaseTicks, settings.bodyTimeout())) {
          HttpError error = new HttpError(408, "the body did not arrive in time");
          refuse(HttpRefusal.BODY_TIMEOUT, error, true);
        }
      }
      case HANDLING -> {
        if (ticks.reached(phaseTicks, settings.requestTimeout())) {
          HttpError error = new HttpError(503, "the request took too long", RETRY_SOON);
          refuse(HttpRefusal.REQUEST_TIMEOUT, error, false);
        }
      }
      case WRITING -> {
        if (ticks.reached(phaseTicks, settings.writeTimeout())) {
          server.listener().refused(HttpRefusal.WRITE_TIMEOUT);
          abort();
        }
      }
      case DISCARDING -> {
        if (ticks.reached(phaseTicks, DISCARD_TIMEOUT)) {
          abort();
        }
      }
      case CLOSED -> {}
    }
  }

  private void awaitingHead(HttpServerSettings settings) {
    if (headBegun()) {
      if (ticks.reached(phaseTicks, settings.headerTimeout())) {
        headTimedOut();
      }
    } else if (ticks.reached(phaseTicks, settings.idleTimeout())) {
      abort();
    }
  }

  /** The head did not arrive in time. */
  abstract void headTimedOut();

  @Override
  public final void bytesArrive() {
    if (phase == Phase.AWAITING_HEAD) {
      phaseTicks = 0;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    closed();
  }

  private void closed() {
    if (phase != Phase.CLOSED) {
      enter(Phase.CLOSED);
      dropBody();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    logger.debug("a connection failed", cause);
    abort();
  }
}
