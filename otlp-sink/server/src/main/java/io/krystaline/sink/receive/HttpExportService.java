package io.krystaline.sink.receive;

import io.krystaline.platform.http.Admission;
import io.krystaline.platform.http.HttpError;
import io.krystaline.platform.http.HttpRequestHead;
import io.krystaline.platform.http.HttpResponse;
import io.krystaline.platform.http.HttpService;
import io.krystaline.platform.http.Router;
import java.util.List;
import java.util.Optional;

/** Refuses what no handler can read, before its body is: content types and content codings. */
final class HttpExportService implements HttpService {
  private final Router router;

  HttpExportService(Router router) {
    this.router = router;
  }

  @Override
  public Admission admit(HttpRequestHead head) {
    Admission admission = router.admit(head);
    if (!(admission instanceof Admission.Handle)) {
      return admission;
    }
    if (BodyEncoding.of(head.mediaType()).isEmpty()) {
      return new Admission.Refuse(
          new HttpError(
              415, "the content type must be application/x-protobuf or application/json"));
    }
    if (coding(head).isEmpty()) {
      return new Admission.Refuse(
          new HttpError(415, "the content encoding must be gzip, zstd or identity")
              .withHeader("accept-encoding", "gzip, zstd, identity"));
    }
    return admission;
  }

  @Override
  public HttpResponse decorate(HttpRequestHead head, HttpResponse response) {
    return router.decorate(head, response);
  }

  /** The coding of a request's body; empty where it is none that is read over HTTP. */
  static Optional<ContentCoding> coding(HttpRequestHead head) {
    List<String> codings = head.headers().all("content-encoding");
    if (codings.isEmpty() || (codings.size() == 1 && codings.getFirst().isBlank())) {
      return Optional.of(ContentCoding.IDENTITY);
    }
    return codings.size() > 1
        ? Optional.empty()
        : ContentCoding.of(codings.getFirst()).filter(coding -> coding != ContentCoding.SNAPPY);
  }
}
