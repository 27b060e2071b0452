package io.krystaline.platform.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;

/** Makes request heads of what the HTTP/1.1 decoder gives, and refuses what is ambiguous. */
final class Http1Heads {
  private Http1Heads() {}

  /**
   * The head of a request.
   *
   * @throws HttpException 400 or 501 if the head is not one that this server takes
   */
  static HttpRequestHead head(HttpRequest request, Channel channel) {
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      throw new HttpException(505, "the server takes HTTP/1.1 and HTTP/2");
    }
    boolean old = version.minorVersion() == 0;
    HttpHeaders headers = headers(request);
    int hosts = headers.all("host").size();
    if (hosts > 1 || (hosts == 0 && !old)) {
      throw new HttpException(400, "a request has exactly one Host header");
    }
    checkTransferCoding(headers, old);
    String target = request.uri();
    String path = pathAndQuery(target, request.method().name());
    int question = path.indexOf('?');
    return new HttpRequestHead(
        request.method().name(),
        question < 0 ? path : path.substring(0, question),
        question < 0 ? "" : path.substring(question + 1),
        headers,
        remote(channel),
        isSecure(channel),
        old ? "HTTP/1.0" : "HTTP/1.1");
  }

  /** Stands for a request whose head cannot be read. */
  static HttpRequestHead unknown(Channel channel) {
    return new HttpRequestHead(
        "-", "/", "", HttpHeaders.empty(), remote(channel), isSecure(channel), "HTTP/1.1");
  }

  private static HttpHeaders headers(HttpRequest request) {
    String[] pairs = new String[request.headers().size() * 2];
    int index = 0;
    for (Map.Entry<String, String> field : request.headers()) {
      pairs[index++] = field.getKey();
      pairs[index++] = field.getValue();
    }
    return HttpHeaders.ofChecked(pairs);
  }

  private static void checkTransferCoding(HttpHeaders headers, boolean old) {
    var codings = headers.all("transfer-encoding");
    if (codings.isEmpty()) {
      return;
    }
    if (headers.contains("content-length") || old) {
      throw new HttpException(400, "the length of the body is ambiguous");
    }
    if (codings.size() > 1 || !codings.getFirst().strip().equalsIgnoreCase("chunked")) {
      throw new HttpException(501, "the only transfer coding that the server takes is chunked");
    }
  }

  /** The origin form of a target; an absolute one loses its scheme and authority. */
  static String pathAndQuery(String target, String method) {
    String lower = target.toLowerCase(Locale.ROOT);
    String origin = target;
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      int authority = target.indexOf("//") + 2;
      int slash = target.indexOf('/', authority);
      int question = target.indexOf('?', authority);
      if (slash < 0 || (question >= 0 && question < slash)) {
        origin = question < 0 ? "/" : "/" + target.substring(question);
      } else {
        origin = target.substring(slash);
      }
    }
    boolean asterisk = origin.equals("*") && method.equals("OPTIONS");
    if (!origin.startsWith("/") && !asterisk && !method.equals("CONNECT")) {
      throw new HttpException(400, "the request target does not begin with a slash");
    }
    for (int index = 0; index < origin.length(); index++) {
      char character = origin.charAt(index);
      if (character <= ' ' || character >= 127 || character == '#') {
        throw new HttpException(400, "the request target holds a character that is not allowed");
      }
    }
    return origin;
  }

  static InetSocketAddress remote(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address
        : InetSocketAddress.createUnresolved("unknown", 0);
  }

  static boolean isSecure(Channel channel) {
    Channel connection =
        channel.parent() instanceof io.netty.channel.ServerChannel ? channel : channel.parent();
    return connection != null && connection.pipeline().get(SslHandler.class) != null;
  }
}
