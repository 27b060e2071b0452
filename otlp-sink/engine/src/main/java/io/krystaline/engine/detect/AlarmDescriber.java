package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.span.OperationKey;
import java.util.ArrayList;
import java.util.List;

/** Tells of a stream in alarm what it has seen. Stateless but for the index. */
final class AlarmDescriber {
  private static final int OPERATIONS_NAMED = 5;

  private final OperationIndex operations;

  AlarmDescriber(OperationIndex operations) {
    this.operations = operations;
  }

  /** The alarm as it stands, under a threshold that the budget asks for. */
  StreamAlarm describe(Stream stream, double budget) {
    OperationWeights weights = stream.operations;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      order.add(i);
    }
    order.sort((one, other) -> byWeight(weights, one, other));
    List<OperationKey> named = new ArrayList<>();
    for (int i = 0; i < Math.min(order.size(), OPERATIONS_NAMED); i++) {
      named.add(operations.key(weights.operation(order.get(i))));
    }
    return new StreamAlarm(
        stream.service,
        stream.channel,
        stream.onsetTick,
        stream.alarmTick,
        stream.runSpans,
        List.of(stream.runHits[0], stream.runHits[1], stream.runHits[2]),
        Levels.of(stream.strongestLevel()),
        stream.strength(),
        stream.threshold(budget),
        named,
        stream.unusualTraces(),
        stream.normalTraces());
  }

  private int byWeight(OperationWeights weights, int one, int other) {
    int by = Double.compare(weights.weight(other), weights.weight(one));
    if (by != 0) {
      return by;
    }
    return operations
        .key(weights.operation(one))
        .toString()
        .compareTo(operations.key(weights.operation(other)).toString());
  }
}
