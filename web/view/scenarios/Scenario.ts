// SPDX-License-Identifier: MIT
// What there is to see, one thing at a time: real programs of the guest, and a sentence on what to look for.

import { parseWords } from "../programs/Words.ts";

export interface Scenario {
  /** Its name in addresses. */
  readonly id: string;
  readonly title: string;
  readonly look: string;
  /** Lines that are run before, the one that it is about, and lines that put everything back. */
  readonly before?: readonly string[];
  readonly line: string;
  readonly after?: readonly string[];
}

const VOLUME = "/tmp/volume";

export const SCENARIOS: readonly Scenario[] = [
  {
    id: "echo",
    title: "Echo",
    look: "Each write runs the component’s handler at once: its answer waits in the queue before the write returns.",
    line: "ddtest hello world",
  },
  {
    id: "fork",
    title: "Fork",
    look: "Parent and child share one link. The child reads on after its parent has exited, and the last close takes what nobody read.",
    line: "ddfork -w 5 -r 3",
  },
  {
    id: "small-buffer",
    title: "Buffer too small",
    look: "A read into 3 bytes fails with EIO and takes nothing: the item stays first, and a bigger buffer gets it whole.",
    line: "ddtest -b 3 elephant",
  },
  {
    id: "poll",
    title: "Empty read, then poll",
    look: "A read from an empty queue gives 0 at once. What waits is poll, and the other process’s write wakes it.",
    line: "ddplay open:/mnt / read poll read / sleep:20 write:hello",
  },
  {
    id: "two-readers",
    title: "Two readers",
    look: "Both readers wait for the same queue. Each item goes to exactly one of them, in the order of the queue.",
    line: "ddplay open:/mnt / take take / take take / sleep:20 write:one sleep:10 write:two sleep:10 write:three sleep:10 write:four",
  },
  {
    id: "queue-full",
    title: "Queue full",
    look: "The link holds 2 items: the third write is refused with ENOBUFS, and nothing that waits is lost. After one read there is room again.",
    before: ["sysctl -w fs.ddlink.max_items=2"],
    line: "ddplay open:/mnt write:one write:two write:three read write:three read read",
    after: ["sysctl -w fs.ddlink.max_items=1024"],
  },
  {
    id: "error-text",
    title: "Error as text",
    look: "The write fails with EINVAL, and the next read gives the component’s own words for it. Then the link goes on as before.",
    line: 'ddplay open:/dev/ddtest "write:snapshot monday" read "write:post monday" read',
  },
  {
    id: "hang-up",
    title: "Hang-up by umount",
    look: "An open link does not hold up the umount. What was queued is still read; after it reads give 0, and a write ENODEV.",
    before: [
      `mkdir -p ${VOLUME}`,
      `cp /dev/sda ${VOLUME}.img`,
      `mount -t tux3 -o ro,loop ${VOLUME}.img ${VOLUME}`,
    ],
    line: `ddplay open:${VOLUME} write:one write:two umount:${VOLUME} poll read read read write:three`,
  },
  {
    id: "monitor",
    title: "Monitor",
    look: "The output has one record for each event drawn here. The monitor’s own link is not drawn: nobody can watch a monitor.",
    line: 'ddplay open:/dev/ddlink "write:monitor snaplen=64" write:monitor read / sleep:100 read read read read read read read read read read read / sleep:20 open:/mnt write:hello read',
  },
];

export function scenarioOf(id: string | null): Scenario | null {
  return SCENARIOS.find((scenario) => scenario.id === id) ?? null;
}

/** A line that is written here splits into words, or the unit test fails. */
export function argvOf(line: string): readonly string[] {
  const parsed = parseWords(line);
  if ("problem" in parsed) throw new Error(`scenario line ${line}: ${parsed.problem}`);
  return parsed.words;
}
