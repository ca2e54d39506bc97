// Rules: the regions side by side, and the way from a file to a rule set in force tomorrow.

import { submit } from './forms.mjs';
import { atEveryWidth } from './pages.mjs';
import { Problems } from './runner.mjs';
import { LANGUAGES, plain } from './site.mjs';

const UPLOAD = 'main form:has(input[type="file"])';
const CONFIRM = 'main form[method="post"]:not(:has(input[type="file"]))';

const BAD_FILE = [
  'key,value,unit,source,note',
  'title,Regler för blod,,,',
  'version,prov-1,,,',
  'shelf_life.red_cell,42,d,KRON-K,',
  'expiring.days,sju,d,HALL,',
  'nat.in_use,ja,,,',
].join('\n');

/** A file with a version of its own, since the same text is drafted once. */
const good = (version) =>
  [
    'key;value;unit;source;note',
    'title;Regler för blod;;;',
    `version;${version};;;`,
    'expiring.days;9;d;HALL;prov',
    'reservation.lapse_hours;;;;',
  ].join('\n');

export function add(runner, site) {
  const test = (name, run) => runner.test(`rules: ${name}`, () => run(site));
  test('the regions are compared, and only the differences on request', comparison);
  test('a rule set is readable in both languages and on a phone', oneSet);
  test('a file with bad rows is told by line, and nothing is drafted', badRows);
  test('drafted by one, reviewed and adopted by others, in force from tomorrow', adoption);
}

async function comparison(site) {
  await site.as('coordinator@halland', async (page) => {
    const problems = new Problems();
    await page.goto('/rule-sets/compare');
    const rows = () => page.locator('main table tbody tr:has(code.rule-key)');
    const all = await rows().count();
    const nat = plain(await rows().filter({ hasText: 'nat.in_use' }).innerText());
    problems.expect(/olika/.test(nat), `NAT does not differ: ${nat}`);
    problems.expect(/ja/.test(nat) && /nej/.test(nat), `NAT is not yes and no: ${nat}`);
    const hb = plain(await rows().filter({ hasText: 'donor.hb.male' }).innerText());
    problems.expect(/lika/.test(hb) && hb.includes('135 g/L'), `haemoglobin is not the same: ${hb}`);
    const platelets = plain(await rows().filter({ hasText: 'platelets.abo' }).innerText());
    problems.expect(/okänt/.test(platelets), `unknown is not said: ${platelets}`);

    await page.locator('main select[name="show"]').selectOption('differs');
    await submit(page, 'main form[method="get"]');
    const some = await rows().count();
    problems.expect(some > 0 && some < all, `${some} of ${all} rules differ`);
    const texts = (await rows().allInnerTexts()).map(plain);
    problems.expect(texts.every((text) => /olika/.test(text)), 'a rule that does not differ');

    const key = page.locator('main a[href="#source-NAT-SK"]').first();
    problems.expect((await key.count()) > 0, 'no source leads to its title');
    const title = plain(await page.locator('#sources').innerText());
    problems.expect(title.includes('Region Skåne 2025'), 'the source is not explained');
    problems.throwIfAny();
  });
}

async function oneSet(site) {
  for (const language of LANGUAGES) {
    await site.with('coordinator@halland', language, async (page) => {
      const problems = new Problems();
      await page.goto('/rule-sets');
      await page.locator('#regions tr', { hasText: 'Kronoberg' }).locator('a').first().click();
      await page.waitForURL(/\/rule-sets\/[0-9a-f]{64}/);
      problems.add(await atEveryWidth(page, `rule-set-${language}`));
      const text = plain(await page.locator('main').innerText());
      const words = language === 'sv' ? ['42 dygn', 'okänt', 'Framlagd'] : ['42 days', 'unknown', 'Drafted'];
      for (const word of words) problems.expect(text.includes(word), `does not say ${word}`);
      const forms = await page.locator('main form[method="post"]').count();
      problems.expect(forms === 0, "another region's rules can be changed");
      problems.throwIfAny();
    });
  }
}

async function send(page, name, text) {
  await page.goto('/rule-sets/draft');
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.locator(`${UPLOAD} input[type="file"]`).setInputFiles(file);
  await submit(page, UPLOAD);
}

async function badRows(site) {
  await site.as('scientist@halland', async (page) => {
    const problems = new Problems();
    await send(page, 'dalig.csv', BAD_FILE);
    const rows = (await page.locator('main table tbody tr').allInnerTexts()).map(plain);
    for (const [line, word] of [['4', 'shelf_life.red_cells'], ['5', 'sju'], ['6', 'källa']]) {
      const told = rows.some((row) => row.startsWith(line) && row.includes(word));
      problems.expect(told, `line ${line} (${word}) is not told in: ${rows.join(' / ')}`);
    }
    problems.expect((await page.locator(CONFIRM).count()) === 0, 'it can be drafted all the same');
    await page.goto('/rule-sets');
    const text = plain(await page.locator('main').innerText());
    problems.expect(!text.includes('prov-1'), 'something was drafted');
    problems.throwIfAny();
  });
}

async function adoption(site) {
  const version = `prov-${Date.now()}`;
  const path = await site.as('scientist@halland', async (page) => {
    const problems = new Problems();
    await send(page, 'regler.csv', good(version));
    const text = plain(await page.locator('main').innerText());
    problems.expect(text.includes('9 dygn'), 'the change is not shown');
    await submit(page, CONFIRM);
    await page.waitForURL(/\/rule-sets\/[0-9a-f]{64}/);
    const drafted = plain(await page.locator('main').innerText());
    problems.expect(drafted.includes('väntar på granskning'), 'it does not await review');
    const forms = await page.locator('main input[name="verdict"]').count();
    problems.expect(forms === 0, 'the drafter can review');
    problems.throwIfAny();
    return new URL(page.url()).pathname;
  });
  await site.as('physician@halland', async (page) => {
    await page.goto(path);
    await page.locator('main input[name="verdict"][value="approve"]').check();
    await submit(page, 'main form[method="post"]');
  });
  await site.as('director@halland', async (page) => {
    const problems = new Problems();
    await page.goto(path);
    // The date is tomorrow unless somebody chooses another.
    await submit(page, 'main form[method="post"]');
    const text = plain(await page.locator('main').innerText());
    problems.expect(text.includes('gäller senare'), `it is not scheduled: ${text.slice(0, 300)}`);
    await page.goto('/rule-sets');
    const row = plain(await page.locator('#regions tr', { hasText: 'Halland' }).innerText());
    problems.expect(row.includes(version), `the next version is not named: ${row}`);
    problems.expect(row.includes('2025-12-demo'), `the present one is gone: ${row}`);
    problems.throwIfAny();
  });
}
