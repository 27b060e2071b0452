/**
 * How good detection is: {@link io.krystaline.sink.judge.Judge} holds incidents against labelled
 * fault windows and gives a {@link io.krystaline.sink.judge.Judgement}; {@link
 * io.krystaline.sink.judge.JudgeFiles} reads both from JSON, {@link
 * io.krystaline.sink.judge.JudgementReport} writes the figures for a person. It knows nothing of
 * how incidents are found. Imports the JDK and Jackson; only {@code JudgeFiles} touches files.
 */
@NullMarked
package io.krystaline.sink.judge;

import org.jspecify.annotations.NullMarked;
