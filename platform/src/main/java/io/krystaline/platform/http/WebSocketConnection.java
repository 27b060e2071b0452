package io.krystaline.platform.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open WebSocket at the end of its pipeline. Reads and writes on the event loop; the outbound
 * queue is filled from any thread, under its own lock.
 */
// A write or close that fails ends the channel, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class WebSocketConnection extends SimpleChannelInboundHandler<WebSocketFrame>
    implements WebSocketSession, Watched {
  private static final Logger logger = LoggerFactory.getLogger(WebSocketConnection.class);
  private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(3);
  private static final int LOST = 1006;

  private final ServerContext server;
  private final ConnectionWatch watch;
  private final ChannelHandlerContext context;
  private final HttpRequestHead head;
  private final WebSocketHandler handler;
  private final WebSocketSettings settings;
  private final Ticks ticks;

  private final Object lock = new Object();
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private boolean flushing;
  private boolean ended;

  private @Nullable ChannelHandlerContext own;
  private int quietTicks;
  private int closingTicks;
  private boolean pinged;
  private boolean opened;
  private boolean closeSent;
  private int closeCode = LOST;
  private String closeReason = "";

  WebSocketConnection(
      ServerContext server,
      ConnectionWatch watch,
      ChannelHandlerContext context,
      HttpRequestHead head,
      Admission.OpenWebSocket admission) {
    this.server = server;
    this.watch = watch;
    this.context = context;
    this.head = head;
    this.handler = admission.handler();
    this.settings = admission.settings();
    this.ticks = Ticks.of(server.settings());
  }

  /** The handshake's answer is sent. */
  void open() {
    opened = true;
    try {
      handler.onOpen(this);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  @Override
  public HttpRequestHead head() {
    return head;
  }

  @Override
  public boolean isOpen() {
    synchronized (lock) {
      return !ended;
    }
  }

  @Override
  public boolean send(String text) {
    boolean queued = true;
    boolean slow = false;
    boolean wake = false;
    synchronized (lock) {
      if (ended) {
        return false;
      }
      if (waiting.size() >= settings.outboundMessagesMax()) {
        slow = true;
        switch (settings.slowReader()) {
          case CLOSE, DROP_NEWEST -> queued = false;
          case DROP_OLDEST -> waiting.removeFirst();
        }
      }
      if (queued) {
        waiting.addLast(text);
        wake = !flushing;
        flushing = true;
      }
    }
    if (slow) {
      server.listener().refused(HttpRefusal.SLOW_READER);
      if (settings.slowReader() == WebSocketSettings.SlowReaderPolicy.CLOSE) {
        close(1013, "the client reads too slowly");
      }
    }
    if (wake) {
      onLoop(this::flushWaiting);
    }
    return queued;
  }

  @Override
  public void close(int code, String reason) {
    synchronized (lock) {
      if (ended) {
        return;
      }
      ended = true;
      waiting.clear();
    }
    onLoop(() -> sendClose(code, reason));
  }

  private void onLoop(Runnable task) {
    try {
      context.executor().execute(task);
    } catch (RejectedExecutionException e) {
      logger.debug("the event loop ended before the session", e);
    }
  }

  private void sendClose(int code, String reason) {
    if (!closeSent) {
      closeSent = true;
      closeCode = code;
      closeReason = reason;
      // Not closed yet: bytes of the client that are still unread would turn into a reset that
      // could
      // overtake the close frame. The client's echo ends the connection, or tick() does.
      channelContext().writeAndFlush(new CloseWebSocketFrame(code, reason));
    }
  }

  /** Hands over as much as the socket takes; the rest waits in the bounded queue. */
  private void flushWaiting() {
    ChannelHandlerContext ctx = channelContext();
    boolean wrote = false;
    while (ctx.channel().isWritable()) {
      String text;
      synchronized (lock) {
        text = waiting.pollFirst();
        if (text == null) {
          flushing = false;
          break;
        }
      }
      ctx.write(new TextWebSocketFrame(text));
      wrote = true;
    }
    if (wrote) {
      ctx.flush();
    }
  }

  private ChannelHandlerContext channelContext() {
    return own != null ? own : context;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    own = ctx;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      flushWaiting();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    quietTicks = 0;
    pinged = false;
    switch (frame) {
      case TextWebSocketFrame text -> {
        if (isOpen()) {
          received(text.text());
        }
      }
      case PingWebSocketFrame ping ->
          ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case PongWebSocketFrame pong -> {}
      case CloseWebSocketFrame close -> closedByClient(close);
      default -> close(1003, "only text is taken");
    }
  }

  private void received(String text) {
    try {
      handler.onText(this, text);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void closedByClient(CloseWebSocketFrame frame) {
    int code = frame.statusCode() < 0 ? 1005 : frame.statusCode();
    String reason = frame.reasonText();
    synchronized (lock) {
      ended = true;
      waiting.clear();
    }
    if (closeSent) {
      context.channel().close();
    } else {
      closeSent = true;
      closeCode = code;
      closeReason = reason;
      CloseWebSocketFrame echo =
          code == 1005 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(code, "");
      channelContext().writeAndFlush(echo).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void failed(RuntimeException cause) {
    logger.error("a WebSocket handler of {} failed", head.path(), cause);
    close(1011, "the server failed");
  }

  @Override
  public void tick() {
    quietTicks++;
    if (closeSent) {
      closingTicks++;
      if (ticks.reached(closingTicks, CLOSING_TIMEOUT)) {
        // The client does not take the close frame; the socket is given up.
        context.channel().close();
      }
    } else if (ticks.reached(quietTicks, settings.idleTimeout())) {
      close(1001, "no sign of life");
    } else if (!pinged && ticks.reached(quietTicks, settings.pingInterval())) {
      pinged = true;
      channelContext().writeAndFlush(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
    }
  }

  @Override
  public void drain() {
    close(1001, "the server is stopping");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.remove(this);
    synchronized (lock) {
      ended = true;
      waiting.clear();
    }
    if (opened) {
      opened = false;
      try {
        handler.onClose(this, closeCode, closeReason);
      } catch (RuntimeException e) {
        logger.error("a WebSocket handler of {} failed to close", head.path(), e);
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof TooLongFrameException) {
      close(1009, "the message is too long");
    } else if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      close(corrupted.closeStatus().code(), "the frame is not valid");
    } else {
      ctx.close();
    }
  }
}
