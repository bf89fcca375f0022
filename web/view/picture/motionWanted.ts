// SPDX-License-Identifier: MIT
// Whether the person wants things to move.

export function reducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function gliding(): ScrollBehavior {
  return reducedMotion() ? "instant" : "smooth";
}
