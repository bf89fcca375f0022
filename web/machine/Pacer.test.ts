// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, test } from "vitest";
import { Pacer } from "./Pacer.ts";

let now: number;
let pacer: Pacer;

beforeEach(() => {
  now = 1000;
  pacer = new Pacer(0, () => now);
});

describe("a halted guest", () => {
  test("sleeps until its time has come", () => {
    expect(pacer.delay(27, true, false)).toBe(27);
    now += 20;
    expect(pacer.delay(27, true, false)).toBe(7);
    now += 7;
    expect(pacer.delay(27, true, false)).toBe(0);
  });

  test("does not sleep for less than 2 ms", () => {
    expect(pacer.delay(2, true, false)).toBe(0);
  });
});

describe("a busy guest", () => {
  test("may run ahead a little, then waits", () => {
    expect(pacer.delay(50, false, false)).toBe(0);
    expect(pacer.delay(60, false, false)).toBe(12);
  });

  test("does not wait while bytes are on their way, and is forgiven the lead", () => {
    expect(pacer.delay(500, false, true)).toBe(0);
    expect(pacer.delay(500, true, false)).toBe(50);
  });
});

test("what a slow host lost is not made up for beyond 100 ms", () => {
  now += 5000;
  expect(pacer.delay(0, true, false)).toBe(0);
  expect(pacer.dueMs).toBe(100);
});
