// What people come to do, from beginning to end. These change the world they run in.

import { fillIn, submit, upload } from './forms.mjs';
import { Problems } from './runner.mjs';
import { plain } from './site.mjs';

const HEADER = 'region,population,population_18_64,active_donors_12m,whole_blood_donations_2024';
const BAD_FILE = [
  HEADER,
  'Skåne,1428626,840163,22103,43870',
  'Skåne,många,840163,22103,43870',
  'Atlantis,1,1,1,1',
].join('\n');
const NEW_FILE = [HEADER, 'Skåne,1428626,840163,22345,43870'].join('\n');

export function add(runner, site) {
  const test = (name, run) => runner.test(`journeys: ${name}`, () => run(site));
  test('a wrong password is refused in words, the right one leads to the situation', signIn);
  test('a figure in the picture leads to its source', figureToSource);
  test('an import with bad rows names each by line and takes nothing', importWithBadRows);
  test('two regions propose and sign an agreement', agreement);
  test('reading about a person is recorded', personRead);
  test('a change shows in an open page without a reload', liveUpdate);
}

async function signIn(site) {
  await site.as(null, async (page) => {
    const problems = new Problems();
    await page.goto('/sign-in');
    await page.locator('input[name="user"]').fill('coordinator@halland');
    await page.locator('input[name="password"]').fill('not the password');
    await submit(page, 'form:has(input[name="password"])');
    const alert = page.getByRole('alert');
    problems.expect((await alert.count()) > 0, 'the refusal is not said');
    problems.expect(new URL(page.url()).pathname === '/sign-in', `led to ${page.url()}`);
    await site.signIn(page, 'coordinator@halland');
    problems.expect(new URL(page.url()).pathname === '/situation', `led to ${page.url()}`);
    problems.throwIfAny();
  });
}

async function figureToSource(site) {
  await site.as('coordinator@skane', async (page) => {
    await page.goto('/picture');
    const link = page.locator('main a[href^="/figures/skane/active_donors"]');
    await link.locator('visible=true').first().click();
    await page.waitForURL((url) => url.pathname === '/figures/skane/active_donors');
    const text = plain(await page.locator('main').innerText());
    const problems = new Problems();
    problems.expect(text.includes('22 103'), 'the figure itself is missing');
    problems.expect(text.includes('sodra-2024.csv'), 'the file is not named');
    problems.throwIfAny();
  });
}

async function importWithBadRows(site) {
  await site.as('coordinator@skane', async (page) => {
    const problems = new Problems();
    await page.goto('/import');
    await upload(page, 'bad.csv', BAD_FILE);
    const table = page.locator('main table').filter({ hasText: 'många' });
    const rows = (await table.locator('tbody tr').allInnerTexts()).map(plain);
    for (const [line, value] of [['3', 'många'], ['4', 'Atlantis']]) {
      const isNamed = rows.some((row) => row.startsWith(line) && row.includes(value));
      problems.expect(isNamed, `line ${line} (${value}) is not named in: ${rows.join(' / ')}`);
    }
    await page.goto('/figures/skane/population');
    const text = plain(await page.locator('main').innerText());
    problems.expect(!text.includes('bad.csv'), 'something was taken in');
    problems.throwIfAny();
  });
}

async function agreement(site) {
  const subject = `Konsultavtal ${Date.now()}`;
  const path = await site.as('director@skane', async (page) => {
    await page.goto('/agreements');
    await fillIn(page, { region: 'kronoberg', text: subject });
    // Only an agreement on preparedness states these.
    await page.locator('[name="transports"]').fill('');
    await page.locator('[name="capacity-circle"]').selectOption('');
    await submit(page, 'main form[method="post"]');
    await page.goto('/agreements');
    const row = page.locator('main').getByRole('link', { name: subject });
    return row.first().getAttribute('href');
  });
  await site.as('director@kronoberg', async (page) => {
    await page.goto(path);
    await submit(page, 'main form[method="post"]');
    await page.goto(path);
    const problems = new Problems();
    const left = await page.locator('main form[method="post"] [type="submit"]').count();
    problems.expect(left === 0, 'there is still something to sign');
    const text = plain(await page.locator('main').innerText());
    problems.expect(/skåne/i.test(text) && /kronoberg/i.test(text), 'a party is missing');
    problems.throwIfAny();
  });
}

async function personRead(site) {
  const path = await site.as('coordinator@skane', async (page) => {
    await page.goto('/roles');
    const person = page.locator('main a[href^="/people/skane/"]').locator('visible=true').first();
    const href = await person.getAttribute('href');
    await person.click();
    await page.waitForURL((url) => url.pathname === href);
    return href;
  });
  await site.as('safety@skane', async (page) => {
    await page.goto('/journal');
    const text = await page.locator('main').innerHTML();
    if (!text.includes(path.split('/').pop())) {
      throw new Error(`the reading of ${path} is not in the journal`);
    }
  });
}

async function liveUpdate(site) {
  await site.as('coordinator@halland', async (watching) => {
    await watching.goto('/picture');
    await watching.evaluate(() => {
      window.stillTheSamePage = true;
    });
    await site.as('coordinator@skane', async (page) => {
      await page.goto('/import');
      await upload(page, 'new.csv', NEW_FILE);
      await submit(page, 'main form[method="post"]:not(:has(input[type="file"]))');
    });
    await watching.waitForFunction(() =>
      document.querySelector('main').innerText.replace(/\s/gu, ' ').includes('22 345'),
    );
    const isSame = await watching.evaluate(() => window.stillTheSamePage === true);
    if (!isSame) throw new Error('the page was loaded again');
  });
}
