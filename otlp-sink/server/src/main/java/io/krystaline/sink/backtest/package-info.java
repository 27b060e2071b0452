/**
 * What would have fired under another configuration: {@link io.krystaline.sink.backtest.Comparison}
 * holds the incidents of two configurations against each other, {@link
 * io.krystaline.sink.backtest.StoredHistory} looks at kept evidence again, {@link
 * io.krystaline.sink.backtest.BacktestReport} tells it. Nothing is written or told to anyone.
 * Imports the engine, {@code store}, {@code view} and the platform's {@code json}.
 */
@NullMarked
package io.krystaline.sink.backtest;

import org.jspecify.annotations.NullMarked;
