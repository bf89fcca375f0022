// SPDX-License-Identifier: MIT
import { css } from "lit";

export const pageStyle = css`
  :host {
    display: block;
    max-width: 1760px;
    margin: 0 auto;
    padding: 0 20px 28px;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    align-items: baseline;
    padding: 14px 2px 12px;
  }
  h1 {
    margin: 0;
    font-size: 17px;
    letter-spacing: -0.01em;
  }
  .what {
    flex: 1 1 420px;
    color: var(--quiet);
  }
  .status {
    display: flex;
    gap: 10px;
    align-items: baseline;
    color: var(--quiet);
  }
  .status i {
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--quiet);
    align-self: center;
  }
  .status i.ready {
    background: var(--alive);
  }
  .status i.lost {
    background: var(--trouble);
    border-radius: 0;
  }
  .status button {
    min-height: 28px;
    padding: 2px 10px;
  }
  main {
    display: grid;
    gap: 14px;
    grid-template-columns: 320px minmax(0, 1fr);
    align-items: start;
  }
  .scenarios {
    grid-column: 1 / -1;
    min-width: 0;
  }
  .look {
    padding: 10px 14px;
    border-bottom: 1px solid var(--line);
    font-size: 15px;
  }
  .look b {
    margin-right: 6px;
  }
  :host([minimal]) {
    padding: 0;
  }
  :host([minimal]) main {
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 16px;
    align-items: center;
    padding: 0 4px 4px;
  }
  footer .status {
    flex: 1 1 auto;
  }
  footer .status button {
    display: none;
  }
  footer a {
    color: var(--accent-text);
  }
  .left,
  .right {
    display: grid;
    gap: 14px;
    min-width: 0;
  }
  .flow {
    min-height: 250px;
    scroll-margin-top: 10px;
  }
  section {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round);
    min-width: 0;
  }
  section.pad {
    padding: 14px;
  }
  h2 {
    margin-bottom: 8px;
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-bottom: 12px;
  }
  .notice {
    grid-column: 1 / -1;
    border-color: var(--trouble);
    padding: 10px 14px;
    display: flex;
    gap: 12px;
    align-items: center;
    flex-wrap: wrap;
  }
  .news {
    border-color: var(--accent);
  }
  .notice p {
    flex: 1 1 260px;
  }
  main.dropping {
    outline: 3px dashed var(--accent);
    outline-offset: 4px;
  }
  .look.opened {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
    justify-content: space-between;
  }
  .look.opened progress {
    flex: 1 1 140px;
    max-width: 320px;
    height: 8px;
    accent-color: var(--accent);
  }
  .between {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    font-variant-numeric: tabular-nums;
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (max-width: 960px) {
    main {
      grid-template-columns: minmax(0, 1fr);
    }
    .left {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
    .output {
      --output-height: 190px;
    }
  }
  @media (max-width: 640px) {
    :host {
      padding: 0 10px 20px;
    }
    main {
      gap: 10px;
    }
    .left,
    .right {
      display: contents;
    }
    .flow,
    .notice {
      min-height: 0;
    }
    .output {
      order: 1;
    }
    .more {
      order: 2;
    }
    header {
      padding: 10px 2px;
    }
    .status {
      flex: 1 1 100%;
      gap: 6px;
      font-size: 13px;
    }
    .status button {
      padding: 2px 7px;
    }
    .status span {
      flex: 1 1 auto;
    }
  }
`;
