// SPDX-License-Identifier: MIT
// What the kernel's test harness and the kernel itself say on the console.

/** What one run of a selftest came to. */
export interface Results {
  readonly ok: readonly string[];
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  readonly planned: number;
}

/** Lines of the form "ok 3 echo.nowait" or "not ok 3 echo.nowait". */
export function resultsOf(output: string): Results {
  const lines = output.split(/\r?\n/);
  const named = (start: RegExp) =>
    lines.filter((line) => start.test(line)).map((line) => line.replace(start, ""));
  const ok = named(/^ok \d+ /);
  return {
    ok,
    failed: named(/^not ok \d+ /),
    skipped: ok.filter((line) => line.includes("SKIP")),
    planned: [...output.matchAll(/^1\.\.(\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0),
  };
}

/** What the kernel complained of: one line each, with what follows. */
export function complaintsOf(output: string): string[] {
  const bad =
    /(BUG:|WARNING:|Oops|Call Trace|general protection|INFO: task|possible circular|suspicious RCU|UBSAN:|^leak: )/;
  const lines = output.split(/\r?\n/);
  return lines.flatMap((line, i) => (bad.test(line) ? [lines.slice(i, i + 3).join("\n")] : []));
}
