// SPDX-License-Identifier: MIT

/** 1,234,567. Without the browser's locales: the first number that they write costs 15 ms. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
