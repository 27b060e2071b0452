package io.krystaline.platform.http;

/**
 * What a server serves: usually a {@link Router}, wrapped by filters such as {@link CorsPolicy} and
 * {@link BearerToken}. Called on event loops, several at once; it must not block.
 */
public interface HttpService {
  /**
   * Decides about a request when its head has arrived, before a byte of its body is read.
   *
   * @throws HttpException to refuse
   */
  Admission admit(HttpRequestHead head);

  /**
   * Changes an answer before it is sent, errors too; a filter adds its headers here. Called on any
   * thread.
   */
  default HttpResponse decorate(HttpRequestHead head, HttpResponse response) {
    return response;
  }
}
