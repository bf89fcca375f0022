// SPDX-License-Identifier: MIT
// images/manifest.json: what the committed images are and what they were made from.
import * as v from "valibot";

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

export const ManifestSchema = v.object({
  /** One hash over everything that the images depend on. */
  inputs: Sha256,
  kernel: v.object({ package: v.string(), version: v.string(), sha256: Sha256, configSha256: Sha256 }),
  compiler: v.string(),
  packages: v.array(
    v.object({ package: v.string(), version: v.string(), source: v.string(), sha256: Sha256 }),
  ),
  /** By file name: size in bytes and SHA-256. */
  files: v.record(v.string(), v.object({ size: v.number(), sha256: Sha256 })),
});
export type Manifest = v.InferOutput<typeof ManifestSchema>;

export function parseManifest(value: unknown): Manifest {
  return v.parse(ManifestSchema, value);
}
