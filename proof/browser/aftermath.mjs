// What follows an alarm that is over, on a telephone and by keyboard alone: everybody's answer is
// written down, the commander stands down and closes, the times are measured, and a decision becomes
// another region's duty, with proof.

import { violations } from './axe.mjs';
import { fillOut, led, said, tabTo } from './people.mjs';
import { WIDTHS } from './site.mjs';

// More recipients than any alarm of the demo has.
const ANSWERS_MAX = 30;

/** Nothing of a page may lie beyond the telephone's edge. */
export async function fits(page, problems, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  problems.expect(wide <= 0, `${what} is ${wide} px too wide`);
}

/** A page that is right on a telephone, and for whoever does not see it. */
async function sound(page, problems, what) {
  await fits(page, problems, what);
  problems.add(await violations(page));
}

/** Opens a form that is folded away, fills its one text and sends it, by keyboard alone. */
async function keyed(page, act, field, text) {
  await tabTo(page, `#${act} > summary`);
  await page.keyboard.press('Enter');
  await tabTo(page, `#${act} [name="${field}"]`);
  await page.keyboard.type(text);
  await tabTo(page, `#${act} [type="submit"]`);
  await led(page, () => page.keyboard.press('Enter'));
}

/** Whoever has yet to answer the recall is telephoned, and the answers are written down. */
export async function telephoned(page, problems) {
  const path = new URL(page.url()).pathname;
  for (let n = 0; n < ANSWERS_MAX; n += 1) {
    const open = page.locator('#owes a[href*="who="], #missing a[href*="who="]').first();
    if ((await open.count()) === 0) return;
    await page.goto(await open.getAttribute('href'));
    await fillOut(page, 'told-alarm', { name: 'Växeln' }, '#person');
    await page.goto(path);
  }
  problems.expect(false, 'somebody always owes an answer to the recall');
}

/** The commander ends it; the other region has a duty left, and proves that it is done. */
export async function ended(site, halland, title, problems) {
  await site.as('commander@skane', async (page) => {
    await page.setViewportSize(WIDTHS[390]);
    await page.goto('/incidents');
    await sound(page, problems, 'the list of incidents');
    const link = page.locator('main a', { hasText: title }).first();
    const href = new URL(await link.getAttribute('href'), page.url()).pathname;
    await page.goto(href);
    await sound(page, problems, 'the incident');
    await keyed(page, 'incident-stand-down', 'basis', 'Alla skadade har kommit fram');
    await keyed(page, 'incident-close', 'text', 'Läget är normalt');
    const words = await said(page);
    problems.expect(words.includes('Avslutad'), `it is not closed: ${words.slice(0, 600)}`);
    for (const act of ['stand-down', 'close', 'assess', 'mode']) {
      const left = await page.locator(`main [name="act"][value="incident-${act}"]`).count();
      problems.expect(left === 0, `something leaves the end: ${act}`);
    }
    await page.goto(`${href}/distribution/secondary`);
    await sound(page, problems, 'moves between hospitals');
    await duty(page, halland, `${href}/after`, problems);
  });
}

async function duty(page, halland, after, problems) {
  await page.goto(after);
  await sound(page, problems, 'what is known afterwards');
  const times = await page.locator('#times').innerText();
  problems.expect(/\d/.test(times), `nothing was measured: ${times}`);
  const what = `Öva larmvägen till växeln, ${after.split('/').at(-2)}`;
  await fillOut(page, 'duty-assign', { what, region: 'halland' });
  problems.expect((await said(page)).includes(what), 'the duty is not there');
  problems.throwIfAny();
  // The other region hears of it, says that it is done, and by what that can be seen.
  await halland.goto(after);
  await sound(halland, problems, 'the other region’s duty');
  const proof = 'Övat den 3 mars, protokoll 17';
  await fillOut(halland, 'duty-report', { proof, finished: true });
  problems.expect((await said(halland)).includes('Klart'), 'it is not done');
  await page.goto(after);
  const words = await said(page);
  for (const part of ['Klart', proof]) {
    problems.expect(words.includes(part), `whoever decided it does not see ${part}`);
  }
}
