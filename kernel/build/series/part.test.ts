// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { cut } from "./part.ts";

const KCONFIG = `config A
	bool "A"
	help
	  Says config B.

config A_TEST
	bool "A test"

source "b/Kconfig"
`;

const MAINTAINERS = `FIRST
L:	list@example.org
F:	first/

SECOND
L:	list@example.org
F:	second/

THIRD
F:	third/
`;

describe("cut", () => {
  it("takes an entry of Kconfig whole, and not one whose name begins alike", () => {
    expect(cut(KCONFIG, "A")).toBe(KCONFIG.slice(KCONFIG.indexOf("config A_TEST")));
    expect(cut(KCONFIG, "A_TEST")).toBe(KCONFIG.replace(/config A_TEST\n.*\n\n/, ""));
  });

  it("takes an entry at the end with the blank line before it", () => {
    const text = "config A\n\tbool\n\nconfig B\n\tbool\n";
    expect(cut(text, "B")).toBe("config A\n\tbool\n");
  });

  it("takes a paragraph with the blank line behind it", () => {
    expect(cut(MAINTAINERS, "SECOND")).toBe(MAINTAINERS.replace(/SECOND\n(.+\n)+\n/, ""));
    expect(cut(MAINTAINERS, "THIRD")).toBe(MAINTAINERS.slice(0, MAINTAINERS.indexOf("\nTHIRD")));
  });

  it("takes lines of one paragraph alone", () => {
    const text = cut(MAINTAINERS, "SECOND > list@");
    expect(text).toBe(MAINTAINERS.replace("SECOND\nL:	list@example.org\n", "SECOND\n"));
  });

  it("takes each line with the word where it names nothing else", () => {
    expect(cut("obj-y += a.o\nobj-$(CONFIG_B) += b.o\n", "CONFIG_B")).toBe("obj-y += a.o\n");
    expect(cut("TARGETS += a\nTARGETS += b\nTARGETS += c\n", "TARGETS += b")).toBe(
      "TARGETS += a\nTARGETS += c\n",
    );
  });

  it("says so when there is no such part", () => {
    expect(cut(KCONFIG, "NOTHING")).toBeUndefined();
    expect(cut(MAINTAINERS, "NOTHING > list@")).toBeUndefined();
    expect(cut(MAINTAINERS, "FIRST > third/")).toBeUndefined();
  });
});
