package io.krystaline.sink;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: names the commands. */
@Command(
    name = "krystaline",
    description = "Scores every span as it arrives, and keeps what is anomalous.",
    mixinStandardHelpOptions = true,
    version = "Krystaline " + SinkSettings.VERSION,
    subcommands = {
      SinkCommand.class,
      ScoreCommand.class,
      JudgeCommand.class,
      SelfTestCommand.class,
      BacktestCommand.class,
      BackfillCommand.class
    },
    footer = {
      "",
      "The launcher also runs 'krystaline bench', which measures what a span costs; see its --help."
    })
final class KrystalineCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
