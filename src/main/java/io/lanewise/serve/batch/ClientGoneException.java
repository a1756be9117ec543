package io.lanewise.serve.batch;

/** Nobody waits for the answer any more. */
public final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace: nothing is wrong here. */
  public ClientGoneException() {
    super("the client has closed the connection", null, false, false);
  }
}
