package io.krystaline.sink.receive;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Two event loops that all receivers of the tests share; their threads end with the JVM. */
final class TestEventLoops {
  static final EventLoopGroup GROUP =
      new MultiThreadIoEventLoopGroup(
          2, new DefaultThreadFactory("test-loop", true), NioIoHandler.newFactory());

  private TestEventLoops() {}
}
