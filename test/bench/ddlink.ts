// SPDX-License-Identifier: MIT
// How small ddlink is: bytes and lines, as `npm run size` counts them.
import { measureSize } from "../../kernel/build/size.ts";
import { type Metrics, metric } from "./metrics.ts";

export async function ddlink(): Promise<Metrics> {
  const { whole, lean, example, lines } = await measureSize();
  return {
    "ddlink.bytes.whole": metric([whole], "bytes"),
    "ddlink.bytes.lean": metric([lean], "bytes"),
    "ddlink.bytes.example": metric([example], "bytes"),
    "ddlink.lines.core": metric([lines.core], "lines"),
    "ddlink.lines.library": metric([lines.library], "lines"),
    "ddlink.lines.example": metric([lines.example], "lines"),
  };
}
