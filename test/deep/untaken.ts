// SPDX-License-Identifier: MIT
// Why some branches of fs/ddlink are never taken while its tests run: by file and source line.

export const UNTAKEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
