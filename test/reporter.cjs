/** Ends the run's output with one line that counts its tests: `12 passed, 0 failed`. */
module.exports = class CountReporter {
  #failedToRun = 0;

  onRunComplete(_contexts, results) {
    // A file that does not even load holds an unknown number of tests: it counts as one that failed.
    this.#failedToRun = results.numRuntimeErrorTestSuites;
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + this.#failedToRun;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
    // The default reporter writes to stderr; ours has to come after all of it, also where both are one stream.
    process.once('exit', () => process.stdout.write(line));
  }
};
