package io.krystaline.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds what a receiver says of a round against what the sender knows. Any difference is a lost or
 * invented span, and makes the round's figures worthless. Stateless.
 */
final class Reconciler {
  private Reconciler() {}

  /**
   * What does not add up; empty where all does.
   *
   * @param sink counted over the round, once it has worked everything off
   * @param heldBefore spans that detection was holding when the round began, scored before it
   * @param heldMax spans that detection may still hold, which are the closing ones: at most this
   */
  static List<String> differences(
      SenderCounts sender, SinkCounts sink, long heldBefore, long heldMax) {
    List<String> differences = new ArrayList<>(senderDifferences(sender));
    equal(differences, "accepted by the sender", sender.accepted(), "received", sink.received());
    equal(differences, "rejected, as told", sender.rejected(), "rejected", sink.rejected());
    equal(differences, "received", sink.received(), "scored", sink.scored() + sink.rejected());
    if (sink.rejected() != 0) {
      differences.add(sink.rejected() + " spans were rejected, none may be");
    }
    equal(
        differences,
        "anomalies committed",
        sink.anomaliesCommitted(),
        "anomalies stored",
        sink.anomaliesStored());
    if (sink.anomaliesStored() < sender.anomalies()) {
      differences.add(
          "%,d spans were surely anomalous, %,d anomalies are stored"
              .formatted(sender.anomalies(), sink.anomaliesStored()));
    }
    long held = heldBefore + sink.scored() - sink.detected();
    if (held < 0 || held > heldMax) {
      differences.add(
          ("%,d spans scored and %,d held before, %,d assembled, late or shed: %,d are held, 0 to"
                  + " %,d may be")
              .formatted(sink.scored(), heldBefore, sink.detected(), held, heldMax));
    }
    if (sink.failures() != 0) {
      differences.add(sink.failures() + " transactions or passes of detection failed");
    }
    return differences;
  }

  /** What does not add up of a receiver that counts received spans only. */
  static List<String> differences(SenderCounts sender, long received) {
    List<String> differences = new ArrayList<>(senderDifferences(sender));
    equal(differences, "accepted by the sender", sender.accepted(), "received", received);
    return differences;
  }

  /** What the sender alone knows to be wrong. */
  static List<String> senderDifferences(SenderCounts sender) {
    return sender.failedCalls() == 0
        ? List.of()
        : List.of(sender.failedCalls() + " calls failed: " + sender.trouble());
  }

  private static void equal(
      List<String> differences, String oneName, long one, String otherName, long other) {
    if (one != other) {
      differences.add(
          "spans %s: %,d, %s: %,d (%+,d)"
              .formatted(oneName, one, otherName, other, other - one)
              .replace("spans anomalies", "anomalies"));
    }
  }
}
