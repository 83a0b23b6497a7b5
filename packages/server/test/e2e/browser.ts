import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is on this machine; nothing where it is not. */
export const chromiumPath: string | undefined = places.find((place) => existsSync(place));

/** Starts Chromium so that it talks to nobody but the page it is given. */
export function startBrowser(): Promise<Browser> {
  if (!chromiumPath) throw new Error(`no Chromium in any of ${places.join(", ")}`);
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
