package io.krystaline.platform.lifecycle;

/** Some resources did not close well; the reasons are its suppressed exceptions. */
public final class ResourceCloseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ResourceCloseException(String message) {
    super(message);
  }
}
