// What the journeys along the chain share: people and numbers that no other run uses, labels as a
// scanner says them, forms filled in by name, and pages walked by keyboard alone.

import { submit } from './forms.mjs';
import { plain } from './site.mjs';

const CHECK = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*';
const TABS_MAX = 200;

// Every run takes numbers of its own, so that a world can be walked more than once.
const RUN = Math.floor(Date.now() / 1_000) % 600_000;
let taken = 0;

/** A donation number that nobody used: of a facility of the demo, this year. */
export function freshDin() {
  taken += 1;
  return `A999326${String(300_000 + ((RUN + taken * 37) % 600_000)).padStart(6, '0')}`;
}

/** The number as its label shows it, with the check character. */
export function typedDin(din) {
  const sum = [...din].reduce((all, c) => ((all + CHECK.indexOf(c)) * 2) % 37, 0);
  return `${din.slice(0, 5)} ${din.slice(5, 7)} ${din.slice(7)} ${CHECK[(38 - sum) % 37]}`;
}

/** What a scanner says of a donation, and of a unit. */
export const scanOf = (din, product) => (product ? `=${din}00=<${product}` : `=${din}00`);

/** A personal number of the series that is never given out, with its check digit. */
export function freshPerson(woman = false) {
  taken += 1;
  const turn = RUN + taken * 7_919;
  const two = (n) => String(n).padStart(2, '0');
  const born = `${1970 + (turn % 28)}${two(1 + ((turn >> 3) % 12))}${two(1 + ((turn >> 5) % 28))}`;
  const serial = 980 + 2 * ((turn >> 7) % 9) + (woman ? 0 : 1);
  const digits = `${born}${serial}`;
  const weigh = (c, at) => Number(c) * (at % 2 === 0 ? 2 : 1);
  const sum = [...digits.slice(2)].map(weigh).reduce((all, n) => all + Math.floor(n / 10) + (n % 10), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** A sample's number of its own. */
export function freshSample() {
  taken += 1;
  return `P${RUN}${taken}`;
}

/** The page's own words. */
export const said = async (page) => plain(await page.locator('main').innerText());

const formOf = (act, within) =>
  `main ${within} form:has(input[name="act"][value="${act}"])`.replace('  ', ' ');

/** Fills the named fields of one of the page's forms and sends it. */
export async function fillOut(page, act, values, within = '') {
  const form = formOf(act, within);
  const folded = page.locator(`details:not([open]):has(${form.replace('main ', '')})`).first();
  if (await folded.count()) await folded.locator('> summary').click();
  for (const [name, value] of Object.entries(values)) {
    const fields = page.locator(`${form} [name="${name}"]`);
    const kind = await fields.first().evaluate((one) => `${one.tagName} ${one.type}`);
    if (kind.endsWith('radio')) await page.locator(`${form} [name="${name}"][value="${value}"]`).check();
    else if (kind.endsWith('checkbox')) await fields.first().setChecked(value);
    else if (kind.startsWith('SELECT')) await fields.first().selectOption(value);
    else await fields.first().fill(value);
  }
  await submit(page, form);
}

/** Presses Tab until the focus is where it is wanted, as somebody without a mouse does. */
export async function tabTo(page, selector) {
  for (let n = 0; n < TABS_MAX; n += 1) {
    const there = await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
    if (there) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Types what a scanner types, with the Enter that it ends with. */
export async function scan(page, text) {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** Does something that leads to another page, and waits for that page. */
export async function led(page, act) {
  await Promise.all([page.waitForEvent('domcontentloaded'), act()]);
}

/** A page's address without what it says was just done. */
export const pathOf = (page) => decodeURIComponent(new URL(page.url()).pathname);
