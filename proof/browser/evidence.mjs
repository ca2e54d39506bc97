// What is left of a page: pictures for whoever wants to look, and words for a log that is read
// far away from the browser.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OUT = fileURLToPath(new URL('./out/', import.meta.url));
const WORDS_MAX = 900;
const LIMIT_MS = 10_000;
let failures = 0;

/** Keeps a file beside the suite. */
export function keep(name, content) {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}${name}`, content);
}

/** Keeps a picture of the whole page, where `PICTURES` asks for them: they take a third of the time. */
export async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
}

/** Where a page is, where the focus is and what it says; a picture of it is kept. */
export async function evidence(page, user) {
  const name = `failed-${(failures += 1)}.png`;
  const told = [`--- ${user ?? 'nobody'} at ${page.url()}`];
  const late = new Promise((done) => setTimeout(done, LIMIT_MS, 'no answer from the page'));
  const look = async () => {
    told.push(`    focus: ${await page.evaluate(focused)}`, `    says: ${await page.evaluate(words, WORDS_MAX)}`);
    keep(name, await page.screenshot({ fullPage: true }));
    return `picture: proof/browser/out/${name}`;
  };
  const last = await Promise.race([look().catch((error) => error.message.split('\n')[0]), late]);
  return [...told, `    ${last}`].join('\n');
}

/** In the page: what has the focus. */
function focused() {
  return document.activeElement?.cloneNode(false).outerHTML.slice(0, 160) ?? 'nowhere';
}

/** In the page: what is wrong by its own words, then the rest of them. */
function words(max) {
  const main = document.querySelector('main') ?? document.body;
  const first = [...main.querySelectorAll('[role="alert"], .refusal, .error')].map((one) => one.innerText);
  const text = [...new Set(first), main.innerText].join(' | ').replace(/\s+/gu, ' ');
  return text.length > max ? `${text.slice(0, max)} …` : text;
}
