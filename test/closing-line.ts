/** Prints the counts of a run in one plain line, so that a log says at its end what was executed and what needed luck. */
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    const second: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (test.diagnostic()?.flaky === true) second.push(`${module.relativeModuleId}: ${test.fullName}`);
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
      failed += module.errors().length;
    }
    // A second try answers for a busy machine; a rule or a property that failed once is wrong, whatever came after.
    if (second.some((name) => /^test\/(unit|property)\//.test(name))) process.exitCode = 1;
    for (const name of second) console.log(`PASSED ONLY AT THE SECOND TRY: ${name}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
