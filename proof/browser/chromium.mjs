// Debian's Chromium, driven without any download of its own.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

// No sandbox, because the suite may run as root in a container; the rest keeps the browser from
// talking to anybody but the server under test.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser with a profile folder of its own, which is gone when it is closed. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!executablePath) throw new Error('no Chromium found: run cargo xtask setup');
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}
