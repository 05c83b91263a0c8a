// SPDX-License-Identifier: Apache-2.0
/** Draws an SVG of the service as a PNG, here in the browser: it has the fonts, and no program need be told to draw. */
import { getText } from "../api/client";
import { download } from "./download";

/** Two points a unit are sharp on paper. A picture is 960 units wide and at most some 3,500 high. */
const SCALE = 2;

async function draw(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((png) => (png ? resolve(png) : reject(new Error("the picture is too large"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Fetches the SVG at a path of the API and hands it to the reader as a PNG of that name. */
export async function downloadPng(path: string, name: string): Promise<void> {
  download(name, "image/png", await draw(await getText(path)));
}
