package io.krystaline.bench.process;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What another JVM on this machine tells of itself: bytes allocated, collections, heap. It attaches
 * and has the JVM start its local management agent; what is asked costs the other little, and only
 * when it is asked. Safe on every thread.
 */
public final class JvmProbe implements AutoCloseable {
  private final JMXConnector connector;
  private final com.sun.management.ThreadMXBean threads;
  private final MemoryMXBean memory;
  private final List<GarbageCollectorMXBean> collectors;
  private final AtomicLong longestMillis = new AtomicLong();

  /**
   * What was counted since the start of a JVM.
   *
   * @param allocatedBytes by all threads, also those that have ended
   * @param collections of all collectors
   * @param collectionMillis the time that they took; for a collector that stops the world its
   *     pauses
   */
  public record Counts(long allocatedBytes, long collections, long collectionMillis) {}

  private JvmProbe(JMXConnector connector) throws IOException, JMException {
    this.connector = connector;
    MBeanServerConnection beans = connector.getMBeanServerConnection();
    threads =
        ManagementFactory.newPlatformMXBeanProxy(
            beans, ManagementFactory.THREAD_MXBEAN_NAME, com.sun.management.ThreadMXBean.class);
    memory =
        ManagementFactory.newPlatformMXBeanProxy(
            beans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    collectors = ManagementFactory.getPlatformMXBeans(beans, GarbageCollectorMXBean.class);
    ObjectName pattern =
        new ObjectName(ManagementFactory.GARBAGE_COLLECTOR_MXBEAN_DOMAIN_TYPE + ",*");
    for (ObjectName collector : beans.queryNames(pattern, null)) {
      beans.addNotificationListener(collector, (note, nothing) -> onCollection(note), null, null);
    }
  }

  /**
   * Attaches to a process; empty where it is no JVM, or not one that lets itself be attached to.
   *
   * <p>Only a process that the system knows as a JVM of this user is approached, since the signal
   * that attaching begins with ends other programs.
   */
  public static Optional<JvmProbe> attach(long pid) {
    String id = Long.toString(pid);
    if (VirtualMachine.list().stream().noneMatch(known -> known.id().equals(id))) {
      return Optional.empty();
    }
    try {
      VirtualMachine machine = VirtualMachine.attach(id);
      String address;
      try {
        address = machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
      return Optional.of(new JvmProbe(connect(address)));
    } catch (AttachNotSupportedException | IOException | JMException e) {
      return Optional.empty();
    }
  }

  // The other end is a JVM that this one has attached to, as the same user: nobody else's objects.
  @SuppressWarnings("BanJNDI")
  private static JMXConnector connect(String address) throws IOException {
    return JMXConnectorFactory.connect(new JMXServiceURL(address));
  }

  private void onCollection(Notification note) {
    if (note.getUserData() instanceof CompositeData data
        && note.getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      long millis = GarbageCollectionNotificationInfo.from(data).getGcInfo().getDuration();
      longestMillis.accumulateAndGet(millis, Math::max);
    }
  }

  /** What was counted so far. */
  public Counts counts() {
    long collections = 0;
    long millis = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      collections += Math.max(0, collector.getCollectionCount());
      millis += Math.max(0, collector.getCollectionTime());
    }
    return new Counts(threads.getTotalThreadAllocatedBytes(), collections, millis);
  }

  /** The longest collection since the last time that this was asked, milliseconds. */
  public long takeLongestMillis() {
    return longestMillis.getAndSet(0);
  }

  /** Bytes of the heap in use after a full collection. */
  public long heapAfterCollection() {
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      // The other JVM has ended; there is nothing to close any more.
    }
  }
}
