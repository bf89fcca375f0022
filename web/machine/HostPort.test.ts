// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { HostPort } from "./HostPort.ts";

const settled = async (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => "done"), new Promise((resolve) => setTimeout(resolve, 1, "waiting"))]);

test("a write is settled when its last byte is taken; small writes share a batch", async () => {
  let asked = 0;
  const port = new HostPort("bridge", () => asked++);
  const writes = [new Uint8Array(5000).fill(1), new Uint8Array(10).fill(2)].map((bytes) => port.write(bytes));
  expect(asked).toBe(2);
  expect(port.takeInput()).toEqual(new Uint8Array(3840).fill(1));
  expect(await Promise.all(writes.map(settled))).toEqual(["waiting", "waiting"]);
  expect(port.takeInput()).toHaveLength(5000 - 3840 + 10);
  expect(await Promise.all(writes.map(settled))).toEqual(["done", "done"]);
  expect(port.hasInput).toBe(false);
});

test("the caller's buffer may change after write()", () => {
  const port = new HostPort("bridge", () => {});
  const bytes = Uint8Array.of(1, 2, 3);
  void port.write(bytes);
  bytes.fill(9);
  expect(port.takeInput()).toEqual(Uint8Array.of(1, 2, 3));
});

test("closing refuses what waits and what follows", async () => {
  const port = new HostPort("console", () => {});
  const waiting = port.write(Uint8Array.of(1));
  port.close("the guest is gone");
  await expect(waiting).rejects.toThrow("the console port is closed: the guest is gone");
  await expect(port.write(Uint8Array.of(1))).rejects.toThrow("the guest is gone");
});

test("listeners hear what comes while they listen", () => {
  const port = new HostPort("console", () => {});
  const heard: number[] = [];
  const stop = port.subscribe((bytes) => heard.push(...bytes));
  port.deliver(Uint8Array.of(1, 2));
  stop();
  port.deliver(Uint8Array.of(3));
  expect(heard).toEqual([1, 2]);
  expect(port.output.length).toBe(3);
});
