// From the ward's request to the bedside with a keyboard and a scanner, and no mouse at all. This
// changes the world it runs in, and can be walked again.

import { violations } from './axe.mjs';
import { typedTwice } from './chain.mjs';
import { freshPerson, led, pathOf, said, scan, scanOf, tabTo } from './people.mjs';
import { Problems } from './runner.mjs';

const SITE = 'lund-bc';
const OPTIONS_MAX = 60;

export function add(runner, site) {
  runner.test('hands: a request is made, filled and given by keyboard and scanner alone', () => walk(site));
}

/** Goes to a field and types into it, over what stands there. */
async function into(page, name, text) {
  await tabTo(page, `main [name="${name}"]`);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Goes to a list or a group of choices, and down until the wanted one is chosen. */
async function choose(page, name, wanted) {
  await tabTo(page, `main [name="${name}"]`);
  for (let n = 0; n < OPTIONS_MAX; n += 1) {
    const now = await page.evaluate(() => document.activeElement.value);
    const isMarked = await page.evaluate(() => document.activeElement.checked !== false);
    if (now === wanted && isMarked) return;
    await page.keyboard.press(now === wanted ? 'Space' : 'ArrowDown');
  }
  throw new Error(`the keyboard does not choose ${wanted} of ${name}`);
}

/** Goes to the button of a form and presses it. */
async function press(page, act) {
  await tabTo(page, `main form:has(input[name="act"][value="${act}"]) [type="submit"]`);
  await led(page, () => page.keyboard.press('Enter'));
}

/** Goes to a link and follows it. */
async function follow(page, href) {
  await tabTo(page, `a[href="${href}"]`);
  await led(page, () => page.keyboard.press('Enter'));
}

async function walk(site) {
  const problems = new Problems();
  const number = freshPerson(true);
  await site.as('scientist@skane', (page) => typedTwice(page, number, problems));
  const request = await asked(site, number, problems);
  const bag = await handedOut(site, request, problems);
  await given(site, number, bag, problems);
  problems.throwIfAny();
}

async function asked(site, number, problems) {
  return site.as('nurse@skane', async (page) => {
    await page.goto('/requests/new');
    await tabTo(page, 'main [name="units"]');
    const there = await page.evaluate(() => document.activeElement.value);
    problems.expect(there === '', `${there} units that nobody chose`);
    await page.goto('/requests/new');
    await into(page, 'patient', number);
    await choose(page, 'urgency', 'urgent');
    await into(page, 'units', '1');
    await into(page, 'ward', 'Avd 12');
    await into(page, 'indication', 'Anemi');
    await choose(page, 'site', SITE);
    await press(page, 'request-new');
    const path = pathOf(page);
    problems.expect(/^\/requests\/[^/]+$/.test(path) && path !== '/requests/new', `asked: ${await said(page)}`);
    problems.throwIfAny();
    return path;
  });
}

async function handedOut(site, request, problems) {
  return site.as('scientist@skane', async (page) => {
    await page.goto(`/work?site=${SITE}`);
    await follow(page, request);
    await press(page, 'request-reserve');
    const href = await page.locator('#aside tbody th a').first().getAttribute('href');
    const bag = href.split('/').slice(2);
    await tabTo(page, '#f-scanned');
    await scan(page, scanOf(...bag));
    await tabTo(page, '#f-fetched-by');
    await page.keyboard.type('Jasmin');
    await led(page, () => page.keyboard.press('Enter'));
    await page.goto(href);
    problems.expect((await said(page)).includes('Utlämnad'), `handed out: ${(await said(page)).slice(0, 300)}`);
    return bag;
  });
}

async function given(site, number, bag, problems) {
  await site.as('nurse@skane', async (page) => {
    await page.goto('/transfuse');
    await led(page, () => scan(page, number));
    await led(page, () => scan(page, scanOf(...bag)));
    const band = page.locator('.bedside');
    problems.expect((await band.getAttribute('class'))?.includes('yes'), `beside: ${await said(page)}`);
    problems.add(await violations(page));
    await press(page, 'bedside-given');
    await page.goto(`/units/${bag[0]}/${bag[1]}`);
    problems.expect(/Inte i lager/.test(await said(page)), `given: ${(await said(page)).slice(0, 300)}`);
  });
}
