// SPDX-License-Identifier: MIT
// What the page gives to a person as a file, and takes from him.

/** Pixels of the picture for each of the screen's. */
const SHARPNESS = 2;
/** Browsers give up on larger canvases. */
const CANVAS_MOST = 16_384;
/** The address of a file's content, kept until the browser has surely begun to save it. */
const KEPT_MS = 60_000;

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** The page's colours as they are now, light or dark, by the names of style.css. */
export function pageColours(): (name: string) => string {
  const probe = document.body.appendChild(document.createElement("span"));
  const style = getComputedStyle(probe);
  const known = new Map<string, string>();
  for (const name of ["--sans", "--mono"]) known.set(name, style.getPropertyValue(name).trim());
  const colourOf = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  queueMicrotask(() => probe.remove());
  return (name) => {
    const value = known.get(name) ?? colourOf(name);
    known.set(name, value);
    return value;
  };
}

export async function svgAsPng(svg: { text: string; width: number; height: number }): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg.text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(SHARPNESS, CANVAS_MOST / svg.width, CANVAS_MOST / svg.height);
    return await painted(image, Math.ceil(svg.width * scale), Math.ceil(svg.height * scale));
  } finally {
    URL.revokeObjectURL(url);
  }
}

function painted(image: HTMLImageElement, width: number, height: number): Promise<Blob> {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The browser could not paint the picture: save it as SVG."));
    }, "image/png");
  });
}

/** Asks for a file; resolves with null when the person thinks better of it. */
export function chooseFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const input = Object.assign(document.createElement("input"), { type: "file", accept });
    input.addEventListener("change", () => resolve(input.files?.[0] ?? null), { once: true });
    input.addEventListener("cancel", () => resolve(null), { once: true });
    input.click();
  });
}
