// SPDX-License-Identifier: MIT
// The Content-Security-Policy of the page: everything from its own origin, no markup or text ever becomes code.

/** `wasm-unsafe-eval` lets the emulator compile WebAssembly and nothing else. Pictures and files to save are blobs. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self'",
  "img-src": "'self' data: blob:",
  "connect-src": "'self'",
  "worker-src": "'self'",
  "manifest-src": "'self'",
  "frame-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
};

export const CONTENT_POLICY = Object.entries(DIRECTIVES)
  .map(([name, sources]) => `${name} ${sources}`)
  .join("; ");

/**
 * What serve.ts sends. No `frame-ancestors` and no X-Frame-Options: any page may embed this one, which holds nothing
 * that a click could give away (web/app/EMBEDDING.md).
 */
export const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};
