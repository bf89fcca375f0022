// SPDX-License-Identifier: MIT
// Buttons, fields and panels look the same in every element.

import { css } from "lit";

export const controls = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button {
    font: inherit;
    color: inherit;
    background: var(--raised);
    border: 1px solid var(--edge);
    border-radius: 6px;
    min-height: 32px;
    padding: 4px 12px;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    border-color: var(--accent);
  }
  button:disabled {
    color: var(--quiet);
    cursor: default;
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    filter: brightness(1.08);
  }
  button.primary:disabled {
    background: var(--raised);
    border-color: var(--line);
    color: var(--quiet);
  }
  button.icon {
    min-width: 32px;
    padding: 4px 7px;
    display: inline-grid;
    place-items: center;
  }
  button[aria-pressed="true"],
  button[aria-selected="true"] {
    border-color: var(--accent);
    color: var(--accent-text);
    background: var(--accent-soft);
  }
  button:focus-visible,
  input:focus-visible,
  select:focus-visible,
  summary:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  input,
  select {
    font: inherit;
    color: inherit;
    background: var(--surface);
    border: 1px solid var(--edge);
    border-radius: 6px;
    min-height: 32px;
    padding: 4px 8px;
    width: 100%;
    min-width: 0;
  }
  input.data {
    font-family: var(--mono);
    font-size: 13px;
  }
  input[aria-invalid="true"] {
    border-color: var(--trouble);
  }
  label {
    display: block;
    color: var(--quiet);
    font-size: 12.5px;
  }
  h2 {
    margin: 0;
    font-size: 13px;
    font-weight: 600;
  }
  p {
    margin: 0;
  }
  .quiet {
    color: var(--quiet);
  }
  .trouble {
    color: var(--trouble-text);
  }
  .data {
    font-family: var(--mono);
    font-size: 12.5px;
  }
`;
