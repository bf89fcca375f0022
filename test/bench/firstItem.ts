// SPDX-License-Identifier: MIT
// What the guest takes from its saved state to the first item's bytes on the line, asked as the page asks: instructions, the
// same each time.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { resume } from "../../web/bridge/Guest.ts";
import { SavedSessionSchema } from "../../web/bridge/SavedSession.ts";
import { DIST } from "../../web/cli/freshness.ts";
import { openMachine } from "../../web/machine/openInNode.ts";

const DEADLINE_MS = 60_000;
const WORD = "hello";
const CLOCK = new Date("2026-01-01T00:00:00Z");
const SEED = new Uint8Array(64);

const AboutSchema = v.object({ session: SavedSessionSchema });

export async function firstItem(): Promise<number> {
  const images = join(DIST, "images");
  const about = JSON.parse(await readFile(join(images, "checkpoint.json"), "utf8"));
  const { session } = v.parse(AboutSchema, about);
  const [checkpoint, volume] = await Promise.all(
    ["checkpoint.bin", "tux3.img"].map(async (name) => ({ data: await readFile(join(images, name)) })),
  );
  await using machine = await openMachine({ ...(checkpoint && { checkpoint }), ...(volume && { volume }) });
  const { instructions: before } = await machine.stats();
  const item = machine.statsAt("bridge", WORD, { signal: AbortSignal.timeout(DEADLINE_MS) });
  const { guest } = resume(machine.bridge, session, { heartbeatMs: 0 });
  await using _ = guest;
  const asked = Promise.all([guest.setClock(CLOCK), guest.reseed(SEED), guest.exec(["ddtest", WORD])]);
  await Promise.all([asked, machine.run({ pace: "none" })]);
  return (await item).instructions - before;
}
