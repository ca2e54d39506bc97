// The alarm on a telephone: from the first report, by keyboard alone, to the acknowledgements, the
// recall, the end and what is learnt of it. These change the world they run in, and can be walked
// again.

import { ended, fits, telephoned } from './aftermath.mjs';
import { violations } from './axe.mjs';
import { submit } from './forms.mjs';
import { freshSample, said, tabTo } from './people.mjs';
import { Problems } from './runner.mjs';
import { WIDTHS } from './site.mjs';

export function add(runner, site) {
  const test = (name, run) => runner.test(`alarm: ${name}`, () => run(site));
  test('a duty officer reports, alarms by keyboard, is answered and recalls, and the commander ends it, on a telephone', story);
  test('the sound is a switch that can be seen, and rings only after a press', sound);
}

/** Both regions at once on telephones, each signed in by itself. */
const both = (site, one, other, run) =>
  site.as(one, (first) =>
    site.as(other, async (second) => {
      await first.setViewportSize(WIDTHS[390]);
      await second.setViewportSize(WIDTHS[390]);
      await run(first, second);
    }));

/** What a duty officer touches is large enough for a thumb. */
async function touchable(page, selector, problems) {
  for (const one of await page.locator(selector).locator('visible=true').all()) {
    const box = await one.boundingBox();
    problems.expect(box.height >= 44, `${selector} is only ${box.height} px high`);
  }
}

async function story(site) {
  const problems = new Problems();
  await both(site, 'tib@skane', 'tib@halland', async (skane, halland) => {
    const title = `Prov ${freshSample()}`;
    await skane.goto('/');
    problems.expect(new URL(skane.url()).pathname === '/alarm', `a duty officer starts on ${skane.url()}`);
    await fits(skane, problems, 'the first page');
    await touchable(skane, '#raise a', problems);
    await report(skane, title, problems);
    await halland.goto('/agreements');
    const path = await raise(skane, title, problems);
    await answered(halland, path, title, problems);
    await closed(skane, halland, path, title, problems);
    problems.throwIfAny();
    await telephoned(skane, problems);
    await ended(site, halland, title, problems);
  });
  problems.throwIfAny();
}

/** The first report, with a word to the neighbours. */
async function report(page, title, problems) {
  await page.locator('#raise a[href="/incidents/new"]').click();
  await page.locator('input[name="title"]').fill(title);
  await page.locator('textarea[name="text"]').fill('Buss har vält, okänt hur många.');
  await page.locator('input[name="source"]').fill('SOS Alarm');
  await fits(page, problems, 'the first report');
  problems.add(await violations(page));
  await submit(page, 'form:has(input[name="act"][value="open-incident"])');
  problems.expect((await said(page)).includes('grannarna är förvarnade'), 'the neighbours were not told');
}

/** Confirm, assess and alarm without touching anything but the keyboard. */
async function raise(page, title, problems) {
  const way = page.locator('#begun li', { hasText: title }).locator('a[href^="/alarm/new?incident="]');
  await page.goto(await way.getAttribute('href'));
  await fits(page, problems, 'the alarm');
  problems.add(await violations(page));
  problems.expect((await page.locator('input[name="title"]').inputValue()) === title, 'it is typed twice');
  await tabTo(page, 'input[name="confirm"]');
  await page.keyboard.type('nej');
  await entered(page);
  problems.expect((await said(page)).includes('Ordet stämmer inte'), 'it went without its word');
  await tabTo(page, 'input[name="confirm"]');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('larma');
  await entered(page);
  const path = new URL(page.url()).pathname;
  problems.expect(path.startsWith('/alarm/skane/demo-'), `the alarm leads to ${page.url()}`);
  const words = await said(page);
  for (const part of ['Regioner som kvitterat', '0 av 4', 'okänt', title]) {
    problems.expect(words.includes(part), `the alarm does not say ${part}`);
  }
  await fits(page, problems, 'the page of the alarm');
  problems.add(await violations(page));
  problems.throwIfAny();
  return path;
}

const entered = (page) =>
  Promise.all([page.waitForEvent('domcontentloaded'), page.keyboard.press('Enter')]);

/** The neighbour's open page says so by itself; one press takes it on. */
async function answered(page, path, title, problems) {
  await page.locator('#alarm-banner', { hasText: title }).first().waitFor();
  await page.locator(`#alarm-banner a[href="${path}"]`).click();
  await page.waitForURL((url) => url.pathname === path);
  await fits(page, problems, 'the page that is answered');
  problems.add(await violations(page));
  await touchable(page, '.answering button', problems);
  const take = page.locator('.answering button[value="takes_on"]').first();
  await Promise.all([page.waitForEvent('domcontentloaded'), take.click()]);
  problems.expect((await said(page)).includes('Svaret är antecknat'), 'the answer is not noted');
}

/** The issuer's open page shows it by itself; the recall is two presses, and reaches the same. */
async function closed(skane, halland, path, title, problems) {
  await skane.locator('#numbers', { hasText: '1 av 4' }).waitFor();
  // A person who answered by telephone is written down.
  const open = skane.locator('#owes a[href*="who=to-region-kronoberg-tib"]').first();
  await skane.goto(await open.getAttribute('href'));
  await skane.locator('#person input[name="name"]').fill('Växeln i Växjö');
  await submit(skane, '#person form:has(input[name="act"][value="told-alarm"])');
  await skane.locator('#numbers', { hasText: '2 av 4' }).waitFor();

  await skane.locator('#recall > summary').click();
  const press = skane.locator('#recall button[type="submit"]');
  await Promise.all([skane.waitForEvent('domcontentloaded'), press.click()]);
  const words = await said(skane);
  problems.expect(words.includes('Larmet är återkallat'), `it was not recalled: ${words}`);
  problems.expect(new URL(skane.url()).pathname !== path, 'the recall has no page of its own');
  await halland.locator('#alarm-banner', { hasText: 'ÅTERKALLAT' }).first().waitFor();
  await halland.goto(path);
  problems.expect((await said(halland)).includes('har ersatts eller återkallats'), 'the old one looks as if it held');
  problems.expect((await said(halland)).includes(title), 'nobody sees what it was about');
}

async function sound(site) {
  await site.as('tib@kronoberg', async (page) => {
    const problems = new Problems();
    await page.goto('/alarm');
    const switched = page.locator('[data-sound]').locator('visible=true').first();
    await switched.waitFor();
    problems.expect((await switched.getAttribute('aria-pressed')) === 'false', 'it rings unasked');
    await switched.focus();
    await page.keyboard.press('Enter');
    problems.expect((await switched.getAttribute('aria-pressed')) === 'true', 'the switch does nothing');
    await page.reload();
    await switched.waitFor();
    problems.expect((await switched.getAttribute('aria-pressed')) === 'true', 'it is forgotten');
    problems.throwIfAny();
  });
}
