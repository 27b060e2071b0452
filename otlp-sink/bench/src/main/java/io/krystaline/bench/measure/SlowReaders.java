package io.krystaline.bench.measure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Connections to a sink's live stream whose owners read nothing. Used by one thread. */
final class SlowReaders {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<WebSocket> sockets = new ArrayList<>();

  /** Never asks for a message. */
  private static final class Silent implements WebSocket.Listener {
    @Override
    public void onOpen(WebSocket socket) {}

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      throw new IllegalStateException("nothing was asked for");
    }
  }

  /** Connects so many. */
  static SlowReaders open(URI live, int count) {
    SlowReaders readers = new SlowReaders();
    for (int i = 0; i < count; i++) {
      readers.sockets.add(
          readers.client.newWebSocketBuilder().buildAsync(live, new Silent()).join());
    }
    return readers;
  }

  /** Breaks the connections off. */
  void abort() {
    sockets.forEach(WebSocket::abort);
    client.shutdownNow();
  }
}
