package io.krystaline.sink.selftest;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.span.SpanBatch;
import java.util.List;

/**
 * What is tested: it sees decoded spans in the order in which they arrive, and nothing else. Called
 * by one thread; a batch and its bytes are valid only during the call.
 */
public interface DetectorUnderTest {

  /** Takes in spans that are known to be normal. Comes before all of {@link #add}. */
  void learn(SpanBatch batch);

  /** Takes in spans to be watched. */
  void add(SpanBatch batch);

  /** There are no more spans: all incidents that were opened, in their last state. */
  List<Incident> finish();
}
