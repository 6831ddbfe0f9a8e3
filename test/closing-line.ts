/** Prints the counts of a run in one plain line, so that a log says at its end what was executed. */
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
      failed += module.errors().length;
    }
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
