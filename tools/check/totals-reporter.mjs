import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Leaves `test-output/SUITE.json` beside each project, so that one line can sum up all of them; a project may have several suites. */
export default class TotalsReporter {
  constructor(globalConfig) {
    this.root = globalConfig.rootDir;
  }

  onRunComplete(contexts, results) {
    const [context] = contexts;
    const suite = context?.config.displayName?.name ?? 'totals';
    const folder = join(this.root, 'test-output');
    mkdirSync(folder, { recursive: true });
    const crashed = results.testResults.filter((suite) => suite.testExecError !== undefined).length;
    const totals = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + crashed,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(join(folder, `${suite}.json`), `${JSON.stringify(totals)}\n`);
  }
}
