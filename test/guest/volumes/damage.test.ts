// SPDX-License-Identifier: MIT
// Hostile volumes: whatever stands on the disk, the kernel answers with an errno and one line, and lives on.
import { beforeAll, describe, expect, it } from "vitest";
import { FOREIGN, UNREADABLE } from "./foreign.ts";
import { mutants } from "./mutate.ts";
import { damageInQemu, type Verdict } from "./QemuDamage.ts";
import { loadVolume } from "./volume.ts";

/** EIO, ENOMEM, EINVAL, EUCLEAN. */
const SANE_ERRNOS = [0, 5, 12, 22, 117];
const OURS = /^tux3 \(sda\): /;
const TROUBLE =
  /BUG|WARNING|Oops|Call Trace|general protection|stall|hung|Out of memory|page allocation failure|UBSAN|KASAN/;
/** Far above what a small volume takes, far below what a person takes for a hang. */
const LONGEST_MS = 20_000;
const BOOT_MS = 500_000;
const MUTANTS = 90;
const SEED = 20121220;
const VOLUMES = ["example", "special", "replay", "orphan-otree"];

function checkVerdict({ mutant, mount, ms, log }: Verdict): string[] {
  const faults: string[] = [];
  const said = log.filter((line) => OURS.test(line));
  if (!SANE_ERRNOS.includes(mount)) faults.push(`errno ${mount}`);
  if (mount !== 0 && said.length !== 1) faults.push(`refused with ${said.length} lines`);
  if (ms > LONGEST_MS) faults.push(`took ${ms} ms`);
  faults.push(...log.filter((line) => TROUBLE.test(line)));
  return faults.map((fault) => `${mutant}: ${fault}`);
}

describe("foreign and unfit disks", () => {
  let verdicts: Verdict[];

  beforeAll(async () => {
    verdicts = await damageInQemu(await loadVolume("example"), FOREIGN, BOOT_MS);
  });

  it.each(FOREIGN)("$name is refused with errno $errno and one line", ({ name, errno, says }) => {
    const verdict = verdicts.find(({ mutant }) => mutant === name);
    expect(verdict).toMatchObject({ mount: errno, paths: 0 });
    expect(verdict?.log.filter((line) => OURS.test(line))).toEqual([expect.stringContaining(says)]);
  });
});

describe("damage behind a good mount", () => {
  let verdicts: Verdict[];

  beforeAll(async () => {
    verdicts = await damageInQemu(await loadVolume("example"), UNREADABLE, BOOT_MS);
  });

  it.each(UNREADABLE)("$name is errno $errno for its reader", ({ name, errno, says }) => {
    const verdict = verdicts.find(({ mutant }) => mutant === name);
    expect(verdict).toMatchObject({ mount: 0, lastErrno: errno });
    expect(verdict?.log).toContainEqual(expect.stringContaining(says));
  });
});

describe.each(VOLUMES)("%s, damaged", (name) => {
  it("never harms the kernel", async () => {
    const volume = await loadVolume(name);
    const damaged = mutants(volume.image, volume.manifest.mkfs.blocksize, MUTANTS, SEED);
    const verdicts = await damageInQemu(volume, [{ name: "unharmed", edits: [] }, ...damaged], BOOT_MS);
    expect(verdicts).toHaveLength(MUTANTS + 1);
    expect(verdicts.flatMap(checkVerdict)).toEqual([]);
    // The edits matter: some mounts are refused, some volumes show their damage later; and each is taken back.
    expect(verdicts[0]).toMatchObject({ mount: 0, errors: 0, paths: volume.manifest.tree.length });
    expect(verdicts.filter(({ mount }) => mount !== 0).length).toBeGreaterThan(MUTANTS / 20);
    expect(verdicts.filter(({ errors }) => errors > 0).length).toBeGreaterThan(0);
  });
});
