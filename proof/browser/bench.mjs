// The bench: what one person puts right another releases, and a unit is set aside, given free and
// thrown away. These change the world they run in.

import { submit } from './forms.mjs';
import { violations } from './axe.mjs';
import { picture } from './evidence.mjs';
import { atEveryWidth } from './pages.mjs';
import { Problems } from './runner.mjs';
import { plain } from './site.mjs';

export function add(runner, site) {
  const test = (name, run) => runner.test(`bench: ${name}`, () => run(site));
  test('put right by one, released by another, set aside, given free and discarded', whole);
}

/** A second scientist at the same bench, and her first password. */
async function secondPerson(site) {
  const name = `bea${Date.now() % 1_000_000}`;
  const given = await site.as('administrator@skane', async (page) => {
    await page.goto('/accounts');
    await page.locator('main input[name="local"]').fill(name);
    await page.locator('main input[name="name"]').fill('Bea Exempelius');
    await page.locator('main input[name="title"]').fill('Biomedicinsk analytiker');
    await page.locator('main select[name="profession"]').selectOption('biomedical_scientist');
    await page.locator('main select[name="role"]').selectOption('scientist');
    await submit(page, 'main form:has(input[name="local"])');
    return (await page.locator('main strong code').first().innerText()).trim();
  });
  return { user: `${name}@skane`, password: given };
}

/** Opens a form of the unit's page. */
async function unfold(page, act) {
  const fold = page.locator(`details#${act}`);
  if (!(await fold.evaluate((element) => element.open))) await fold.locator('summary').click();
}

const said = async (page) => plain(await page.locator('main').innerText());

async function whole(site) {
  const problems = new Problems();
  const second = await secondPerson(site);
  const href = await site.as('scientist@skane', async (page) => {
    await page.goto('/stock/skane/lund-bc?component=red_cells&status=available');
    const unit = page.locator('#units tbody th a').last();
    const href = await unit.getAttribute('href');
    await unit.click();
    await page.waitForURL((url) => url.pathname === href);
    await unfold(page, 'correct-unit');
    problems.add(await atEveryWidth(page, 'unit-correct'));
    const antigens = page.locator('#correct-unit input[name="right-antigens"]');
    const reason = page.locator('#correct-unit input[name="right-reason"]');
    await page.locator('#correct-unit input[value="antigens"]').check();

    // What cannot be read is said at the field, and what was typed stands there still.
    await antigens.fill('K kanske');
    await reason.fill('omtypad');
    await submit(page, '#correct-unit form');
    problems.expect(/neg eller pos/.test(await said(page)), 'what is no result is taken');
    problems.expect((await antigens.inputValue()) === 'K kanske', 'what was typed is gone');

    await antigens.fill('K neg, c pos, Jk(a) neg');
    await submit(page, '#correct-unit form');
    const text = await said(page);
    problems.expect(/I karantän: .*rättad/i.test(text), `it does not wait: ${text.slice(0, 600)}`);
    for (const one of ['K neg', 'c pos', 'Jka neg']) {
      problems.expect(text.includes(one), `${one} is not shown`);
    }
    // Who put it right does not release it.
    await unfold(page, 'release-unit');
    await submit(page, '#release-unit form');
    problems.expect(/Någon annan/.test(await said(page)), 'one person was enough');
    return href;
  });

  const another = async (page) => {
    await page.goto(href);
    await unfold(page, 'release-unit');
    await submit(page, '#release-unit form');
    const status = async () => plain(await page.locator('#unit dl').first().innerText());
    problems.expect(/Tillgänglig/.test(await status()), `not released: ${await status()}`);

    await unfold(page, 'reserve-unit');
    await page.locator('#reserve-unit input[name="reserve-purpose"]').fill('Operation sal 4');
    await submit(page, '#reserve-unit form');
    problems.expect(/Reserverad/.test(await status()), `not set aside: ${await status()}`);
    problems.expect(/till/.test(await status()), 'nobody says how long it is set aside');
    problems.expect((await page.locator('#reserve-unit').count()) === 0, 'set aside twice?');
    const shown = await said(page);
    problems.expect(shown.includes('Operation sal 4'), 'the bench does not read for what');
    await picture(page, 'unit-reserved');
    problems.add(await violations(page));

    // Another region sees that it is set aside, and not for what.
    await site.as('scientist@halland', async (other) => {
      await other.goto(href);
      const text = await said(other);
      problems.expect(/Reserverad/.test(text), 'the neighbour does not see it');
      problems.expect(!text.includes('sal 4'), 'the neighbour reads for what');
      problems.expect((await other.locator('#do').count()) === 0, 'the neighbour may act');
    });

    await unfold(page, 'unreserve-unit');
    await page.locator('#unreserve-unit input[name="unreserve-reason"]').fill('inställd');
    await submit(page, '#unreserve-unit form');
    problems.expect(/Tillgänglig/.test(await status()), `not given free: ${await status()}`);

    await unfold(page, 'discard-unit');
    await page.locator('#discard-unit select').selectOption('damaged');
    await page.locator('#discard-unit input[name="discard-sure"]').check();
    await submit(page, '#discard-unit form');
    problems.expect(/Har lämnat lagret|Kassera/i.test(await said(page)), 'it is not gone');
    problems.expect((await page.locator('#do').count()) === 0, 'what is gone can be handled');
    const history = plain(await page.locator('ol.timeline').innerText());
    const steps = [/rätta/i, /frisläpp/i, /reserver/i, /kasser/i];
    for (const step of steps) problems.expect(step.test(history), `${step} is not in: ${history}`);
  };
  await site.as(second.user, another, second.password);
  problems.throwIfAny();
}
