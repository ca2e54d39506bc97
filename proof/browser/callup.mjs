// The call-up plan: a coordinator adopts its next week, and the donors drawn are called from the
// list. This changes the world it runs in.

import { submit } from './forms.mjs';
import { Problems } from './runner.mjs';
import { plain } from './site.mjs';

export function add(runner, site) {
  const test = (name, run) => runner.test(`call-up plan: ${name}`, () => run(site));
  test('a week is adopted, becomes a list, and its first donor is called', adopted);
}

const ADOPT = '#adopt form';
const TRIES = 40;
const said = async (page) => plain(await page.locator('main').innerText());

/** A plan takes a while: the page is read again until it is there. */
async function planned(page) {
  for (let n = 0; n < TRIES; n += 1) {
    await page.goto('/plan/call-ups');
    if ((await page.locator(ADOPT).count()) > 0) return;
    await page.locator('#waiting').waitFor({ timeout: 2_000 }).catch(() => {});
  }
  throw new Error('the plan is never ready');
}

async function adopted(site) {
  const problems = new Problems();
  const list = await site.as('coordinator@blekinge', async (page) => {
    await planned(page);
    problems.expect((await said(page)).includes('från bästa möjliga'), 'no bound is stated');
    await submit(page, ADOPT);
    problems.expect((await said(page)).includes('Listorna ligger under Kallelser'), 'not adopted');
    return plain(await page.locator('#adopted tbody td').last().innerText());
  });
  await site.as('phlebotomist@blekinge', async (page) => {
    await page.goto('/call-ups');
    const link = page.locator('main a[href^="/call-ups/cl-"]').first();
    problems.expect(list.includes(plain(await link.innerText())), `the newest list is not of ${list}`);
    await link.click();
    await page.waitForURL((url) => url.pathname.startsWith('/call-ups/cl-'));
    await page.locator('button[name="outcome"][value="yes"]').first().click();
    await page.waitForURL((url) => url.searchParams.has('done'));
  });
  await site.as('coordinator@blekinge', async (page) => {
    await planned(page);
    const cells = page.locator('#adopted tbody tr').first().locator('td');
    problems.expect(plain(await cells.nth(2).innerText()) === '1', 'nobody counts as called');
    problems.expect(plain(await cells.nth(3).innerText()) === '1', 'the yes is not counted');
  });
  problems.throwIfAny();
}
