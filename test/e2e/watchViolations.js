// SPDX-License-Identifier: MIT
// In the page, before its own scripts: every violation of its policy, as "directive what".
globalThis.violations = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  globalThis.violations.push(`${effectiveDirective} ${blockedURI}`);
});
