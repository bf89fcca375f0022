// SPDX-License-Identifier: MIT
// All that a person can do on the page, by key or by the palette. The page says how it is done.

import type { Command } from "../view/palette/Commands.ts";
import type { FlowPicture } from "../view/picture/FlowPicture.ts";
import type { Deeds } from "./Deeds.ts";

const ZOOM = 1.3;
/** Pixels. */
const PAN = 120;

export function pageCommands(page: Deeds): Command[] {
  return [
    ...pictureCommands(page),
    ...findCommands(page),
    ...markerCommands(page),
    ...viewCommands(page),
    ...fileCommands(page),
    ...otherCommands(page),
  ];
}

function pictureCommands(page: Deeds): Command[] {
  const command = (
    id: string,
    title: string,
    keys: string[],
    run: (picture: FlowPicture) => void,
  ): Command => ({
    id,
    title,
    group: "Picture",
    keys,
    scope: "picture",
    possible: () => page.picture?.run !== null && page.picture !== null,
    run: () => page.picture && run(page.picture),
  });
  return [
    command("step-forward", "Step to the next event", ["ArrowRight"], (picture) => picture.step(1)),
    command("step-back", "Step to the event before", ["ArrowLeft"], (picture) => picture.step(-1)),
    command("first", "Go to the first event", ["Home"], (picture) => picture.goToEnd(false)),
    command("last", "Go to the last event", ["End"], (picture) => picture.goToEnd(true)),
    command("play", "Play or pause", ["Space"], (picture) =>
      picture.playing ? picture.pause() : picture.play(),
    ),
    command("zoom-in", "Zoom in", ["w", "+"], (picture) => picture.zoom(ZOOM)),
    command("zoom-out", "Zoom out", ["s", "-"], (picture) => picture.zoom(1 / ZOOM)),
    command("fit", "Show the whole run", ["0"], (picture) => picture.fit()),
    command("pan-left", "Move to the left", ["a"], (picture) => picture.pan(-PAN)),
    command("pan-right", "Move to the right", ["d"], (picture) => picture.pan(PAN)),
    command("pin-link", "Pin the selected event’s link to the top, or unpin it", ["p"], () =>
      page.pin("link"),
    ),
    command("pin-process", "Pin the selected event’s process to the top, or unpin it", ["P"], () =>
      page.pin("process"),
    ),
  ];
}

function findCommands(page: Deeds): Command[] {
  const group = "Find";
  const selected = () => page.selected;
  const filtered = () => page.filtered;
  return [
    { id: "filter", title: "Filter or search events", group, keys: ["/"], run: () => page.focusFilter() },
    {
      id: "next-match",
      title: "Go to the next match",
      group,
      keys: ["n", "F3"],
      possible: filtered,
      run: () => page.nextMatch(1),
    },
    {
      id: "previous-match",
      title: "Go to the match before",
      group,
      keys: ["N", "Shift+F3"],
      possible: filtered,
      run: () => page.nextMatch(-1),
    },
    {
      id: "follow-link",
      title: "Follow the link of the selected event",
      group,
      keys: ["l"],
      possible: selected,
      run: () => page.followLink(),
    },
    {
      id: "follow-item",
      title: "Follow the item of the selected event",
      group,
      keys: ["i"],
      possible: selected,
      run: () => page.followItem(),
    },
    {
      id: "clear-filter",
      title: "Clear the filter",
      group,
      keys: ["x"],
      possible: filtered,
      run: () => page.clearFilter(),
    },
  ];
}

function markerCommands(page: Deeds): Command[] {
  const group = "Markers";
  const selected = () => page.selected;
  const marked = () => page.marked;
  return [
    {
      id: "mark-a",
      title: "Mark the selected event as A",
      group,
      keys: ["["],
      possible: selected,
      run: () => page.mark("A"),
    },
    {
      id: "mark-b",
      title: "Mark the selected event as B",
      group,
      keys: ["]"],
      possible: selected,
      run: () => page.mark("B"),
    },
    {
      id: "go-a",
      title: "Go to marker A",
      group,
      keys: ["{"],
      possible: marked,
      run: () => page.goToMarker("A"),
    },
    {
      id: "go-b",
      title: "Go to marker B",
      group,
      keys: ["}"],
      possible: marked,
      run: () => page.goToMarker("B"),
    },
    {
      id: "clear-markers",
      title: "Clear the markers",
      group,
      possible: marked,
      run: () => page.clearMarkers(),
    },
  ];
}

function viewCommands(page: Deeds): Command[] {
  const group = "View";
  return [
    { id: "axis", title: "Change between story and time", group, keys: ["t"], run: () => page.axis("other") },
    {
      id: "tab-selected",
      title: "Show the selected event",
      group,
      keys: ["1"],
      run: () => page.openTab("inspector"),
    },
    {
      id: "tab-events",
      title: "Show all events as a table",
      group,
      keys: ["2"],
      run: () => page.openTab("events"),
    },
    { id: "tab-console", title: "Show the console", group, keys: ["4"], run: () => page.openTab("console") },
  ];
}

function fileCommands(page: Deeds): Command[] {
  const command = (id: string, title: string, run: () => void, keys?: string[]): Command => ({
    id,
    title,
    group: "File",
    ...(keys ? { keys } : {}),
    possible: () => page.hasRun,
    run,
  });
  return [
    command("save-log", "Save all events as JSON", () => page.saveLog(), ["Ctrl+S"]),
    command("save-svg", "Save the picture as SVG", () => page.saveSvg()),
    command("save-png", "Save the picture as PNG", () => page.savePng()),
    command("save-trace", "Save the run as a Chrome trace, for Perfetto", () => page.saveTrace()),
    {
      id: "open-log",
      title: "Open saved events",
      group: "File",
      keys: ["Ctrl+O"],
      run: () => page.openLog(),
    },
    command("copy-link", "Copy a link that runs this again and shows it like this", () =>
      page.copyLink("again"),
    ),
    command("copy-link-events", "Copy a link that has these very events in it", () => page.copyLink("these")),
    {
      id: "back",
      title: "Go back to the guest from the saved log",
      group: "File",
      possible: () => page.showsLog,
      run: () => page.backToGuest(),
    },
  ];
}

function otherCommands(page: Deeds): Command[] {
  const selected = () => page.selected;
  return [
    {
      id: "copy-event",
      title: "Copy the selected event",
      group: "Copy",
      keys: ["c"],
      possible: selected,
      run: () => page.copyEvent(),
    },
    {
      id: "copy-rows",
      title: "Copy all events that are shown, as a table",
      group: "Copy",
      keys: ["C"],
      run: () => page.copyRows(),
    },
    {
      id: "palette",
      title: "Find a command",
      group: "Help",
      keys: ["Ctrl+K"],
      run: () => page.openPalette(),
    },
    { id: "keys", title: "Show all keys", group: "Help", keys: ["?"], run: () => page.openKeys() },
    {
      id: "single-keys",
      title: "Turn keys that are single characters off or on",
      group: "Help",
      run: () => page.toggleSingleKeys(),
    },
    {
      id: "stop",
      title: "Stop the program",
      group: "Guest",
      possible: () => page.program,
      run: () => page.stop(),
    },
    { id: "restart", title: "Restart the guest", group: "Guest", run: () => page.restart() },
  ];
}
