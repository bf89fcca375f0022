// SPDX-License-Identifier: MIT
// Why no test takes these branches.
import type { Explained } from "./Untaken.ts";

export const UNTAKEN: readonly Explained[] = [
  {
    in: "ddlink_read_item",
    at: "if (!item)",
    ways: 1,
    because:
      "the compiler asks an entry of the list once more, which is not NULL; an empty list went its way before",
  },
  {
    in: "ddlink_read_item",
    at: "else if (copy_to_iter(item->data, ret, to) != ret)",
    ways: 1,
    because: "copy_to_iter() refuses more than INT_MAX bytes with a warning; an item has 1 MiB at most",
  },
  {
    in: "ddlink_message",
    at: "if (!IS_ERR(msg) && copy_from_iter(msg->data, len, from) != len) {",
    ways: 1,
    because: "copy_from_iter() refuses more than INT_MAX bytes with a warning; a message has 1 MiB at most",
  },
  {
    in: "monitor_write",
    at: 'if (!str_has_prefix(word, "snaplen="))',
    ways: 1,
    because: "str_has_prefix() gives the length of a prefix that is there, which is not 0",
  },
];
