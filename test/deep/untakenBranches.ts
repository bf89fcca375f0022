// SPDX-License-Identifier: MIT
// Why no test takes these branches.
import type { Explained } from "./Untaken.ts";

export const UNTAKEN: readonly Explained[] = [
  {
    in: "ddlink_new",
    at: "room = 2 << __fls(sizeof(*item) + size);",
    ways: 1,
    because: "__fls() asks whether its argument is a constant, and the compiler knows that it is not",
  },
  {
    in: "ddlink_drop_text",
    at: "if (!text || !text->text)",
    ways: 1,
    because:
      "the compiler thinks that a queue which has a first item may have none, for its pointer might be NULL",
  },
  {
    in: "ddlink_copy_out",
    at: "if (to ? copy_to_iter(item->data, size, to) != size :",
    ways: 1,
    because: "copy_to_iter() refuses more than INT_MAX bytes with a warning; an item has 1 MiB at most",
  },
  {
    in: "ddlink_copy_out",
    at: "copy_to_user(buf, item->data, size))",
    ways: 1,
    because: "copy_to_user() refuses more than INT_MAX bytes with a warning; an item has 1 MiB at most",
  },
  {
    in: "ddlink_copy_in",
    at: "if (from ? copy_from_iter(msg->data, len, from) != len :",
    ways: 1,
    because: "copy_from_iter() refuses more than INT_MAX bytes with a warning; a message has 1 MiB at most",
  },
  {
    in: "ddlink_copy_in",
    at: "copy_from_user(msg->data, buf, len))",
    ways: 1,
    because: "copy_from_user() refuses more than INT_MAX bytes with a warning; a message has 1 MiB at most",
  },
  {
    in: "monitor_write",
    at: 'if (!str_has_prefix(word, "snaplen="))',
    ways: 1,
    because: "str_has_prefix() gives the length of a prefix that is there, which is not 0",
  },
];
