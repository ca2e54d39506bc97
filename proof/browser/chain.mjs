// From the donor's arm to the bedside, as whoever does each step walks it. These change the world
// they run in, and can be walked again in the same world.

import { submit } from './forms.mjs';
import { violations } from './axe.mjs';
import { Problems } from './runner.mjs';
import {
  fillOut, freshDin, freshPerson, freshSample, led, pathOf, said, scan, scanOf, tabTo, typedDin,
} from './people.mjs';

const SITE = 'lund-bc';
const MARKERS = ['hiv-ag-ab', 'hbsag', 'anti-hcv', 'syphilis', 'nat', 'anti-hbc', 'htlv'];
const AFFIRMED = ['valid_id', 'understands_swedish', 'well'];

export function add(runner, site) {
  const test = (name, run) => runner.test(`chain: ${name}`, () => run(site));
  test('a donor is registered, declares, gives; two persons test; the unit is released', release);
  test('one physician decides on an exception; the other finds it on the landing page', exception);
  test('a patient is typed twice; the gate refuses a wrong bag and hands out the right ones', issue);
}

/** Registers a donor at the desk: not found, registered, declared, let through. */
async function registered(site, number, problems) {
  return site.as('phlebotomist@skane', async (page) => {
    await page.goto('/donors');
    await tabTo(page, 'main input[name="q"]');
    await scan(page, number);
    await page.locator('main a[href^="/donors/new?number="]').click();
    await page.waitForURL((url) => url.pathname === '/donors/new');
    problems.add(await violations(page));
    await fillOut(page, 'donor-register', {
      name: 'Prov Givare', phone: '070-174 06 99', site: SITE, 'kind-whole-blood': true, earlier: 'never',
    });
    const donor = pathOf(page);
    await page.locator('a[href*="step=declare"]').first().click();
    await page.waitForURL((url) => url.searchParams.get('step') === 'declare');
    problems.add(await violations(page));
    const answers = { weight: '75', hb: '145', site: SITE };
    const names = await page.locator('#do input[type="radio"]').evaluateAll((all) => all.map((one) => one.name));
    for (const name of new Set(names)) {
      answers[name] = AFFIRMED.includes(name.replace('q-', '')) ? 'yes' : 'no';
    }
    await fillOut(page, 'donor-declare', answers);
    await page.goto(`${donor}?step=admit`);
    await submit(page, '#do form');
    problems.expect(/släppt|får ge|tapp/i.test(await said(page)), `let through: ${await said(page)}`);
    problems.add(await violations(page));
    return donor.split('/').at(-1);
  });
}

/** Records the donation with scanner and keyboard alone. */
async function collected(site, din, donor, problems) {
  await site.as('phlebotomist@skane', async (page) => {
    await page.goto(`/donations/new?site=${SITE}`);
    await tabTo(page, '#f-din');
    await scan(page, scanOf(din));
    const at = await page.evaluate(() => document.activeElement?.id);
    problems.expect(at === 'f-donor', `after the scan the focus is at ${at}`);
    await page.keyboard.type(donor);
    await tabTo(page, '#f-ml');
    await page.keyboard.type('450');
    await led(page, () => page.keyboard.press('Enter'));
    problems.expect(pathOf(page) === `/donations/${din}`, `collected: ${await said(page)}`);
    problems.add(await violations(page));
  });
}

/** Makes red cells of the bag; the unit's address. */
async function separated(site, din, problems) {
  return site.as('scientist@skane', async (page) => {
    await page.goto('/preparation');
    await tabTo(page, 'main textarea[name="units"]');
    await page.keyboard.type(scanOf(din));
    await submit(page, 'main form[method="get"]');
    await page.locator('#choose a[href*="process=separate"]').click();
    await page.waitForURL((url) => url.searchParams.get('process') === 'separate');
    problems.add(await violations(page));
    await fillOut(page, 'prepare', {});
    const link = page.locator('#labels li a[href^="/units/"]').first();
    problems.expect((await link.count()) === 1, `separated: ${await said(page)}`);
    problems.throwIfAny();
    const hrefs = await page.locator('#labels li a[href^="/units/"]').evaluateAll(
      (all) => all.map((a) => a.getAttribute('href')).filter((href) => !href.endsWith('.pdf')),
    );
    return hrefs;
  });
}

/** Two persons: one types the results, the other reads them again. */
async function tested(site, din, problems) {
  const markers = Object.fromEntries(MARKERS.map((code) => [`marker-${code}`, 'negative']));
  await site.as('scientist@skane', async (page) => {
    await page.goto('/test-results');
    await page.keyboard.type(scanOf(din));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('din') === din);
    await fillOut(page, 'enter-results', { group: 'o_pos', ...markers, hpa: '1a+ 1b-', hla: 'A*02:01 B7' });
    await page.goto(`/test-results?din=${din}`);
    await fillOut(page, 'enter-results', { group: 'o_pos' });
    const own = page.locator('#waiting .panel', { hasText: din.slice(-6) });
    problems.expect((await own.count()) === 2, 'both results wait for somebody else');
    problems.expect((await own.locator('button').count()) === 0, 'one verifies what one typed');
  });
  await site.as('physician@skane', async (page) => {
    for (let n = 0; n < 2; n += 1) {
      await page.goto('/test-results');
      const panel = page.locator('#waiting .panel', { hasText: din.slice(-6) }).first();
      await led(page, () => panel.locator('button').first().click());
    }
    await page.goto(`/donations/${din}`);
    const text = await said(page);
    problems.expect(text.includes('HPA-1a pos') && text.includes('A*02:01'), `the types: ${text}`);
    problems.add(await violations(page));
  });
}

async function release(site) {
  const problems = new Problems();
  const [din, number] = [freshDin(), freshPerson()];
  await site.as('administrator@skane', async (page) => {
    await page.goto('/donations/numbers');
    problems.add(await violations(page));
    await fillOut(page, 'assign-numbers', {
      'numbers-site': SITE, 'numbers-from': typedDin(din), 'numbers-to': typedDin(din),
    });
    problems.expect((await said(page)).includes(typedDin(din)), 'the series is not shown');
    await fillOut(page, 'assign-numbers', {
      'numbers-site': SITE, 'numbers-from': typedDin(din), 'numbers-to': typedDin(din),
    });
    problems.expect((await said(page)).includes('redan utdelade'), 'a number is given twice');
  });
  const donor = await registered(site, number, problems);
  await collected(site, din, donor, problems);
  const units = await separated(site, din, problems);
  await site.as('scientist@skane', async (page) => {
    await page.goto(units[0]);
    await fillOut(page, 'release-unit', {});
    const text = await said(page);
    problems.expect(/saknar svar på/.test(text), `an untested unit is refused: ${text.slice(0, 400)}`);
  });
  await tested(site, din, problems);
  await site.as('scientist@skane', async (page) => {
    await page.goto('/release');
    const ready = page.locator('#ready');
    problems.expect((await ready.textContent()).includes(din.slice(-6)), 'it is not ready for release');
    await page.goto(units[0]);
    await fillOut(page, 'release-unit', {});
    const text = await said(page);
    problems.expect(text.includes('Tillgänglig'), `released: ${text.slice(0, 400)}`);
    problems.add(await violations(page));
  });
  problems.throwIfAny();
}

/** Registers a patient with two samples on two days; the address of the page. */
export async function typedTwice(page, number, problems) {
  await page.goto(`/patients/new?number=${number}`);
  await fillOut(page, 'patient-register', { name: 'Prov Patient' });
  const patient = pathOf(page);
  for (const hours of [26, 1]) {
    const sample = freshSample();
    const at = local(Date.now() - hours * 3_600_000);
    await page.goto(`${patient}?step=sample`);
    await fillOut(page, 'patient-sample', {
      sample, purpose: hours > 20 ? 'group' : 'compatibility', at, place: 'Avd 12',
      'taken-by': 'Jasmin', signed: 'yes',
    });
    await page.goto(`${patient}?step=group&of=${sample}`);
    await fillOut(page, 'patient-group', { sample, group: 'o_pos', instrument: 'Analysator 1' });
    if (hours > 20) continue;
    await page.goto(`${patient}?step=screen&of=${sample}`);
    await fillOut(page, 'patient-screen', { sample, result: 'negative', instrument: 'Analysator 1' });
  }
  const text = await said(page);
  problems.expect(text.includes('O RhD pos'), `the patient's group: ${text.slice(0, 400)}`);
  problems.add(await violations(page));
  return patient;
}

/** `2026-11-22 14:05`, as one types it. */
function local(time) {
  const text = new Date(time).toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' });
  return text.slice(0, 16);
}

async function issue(site) {
  const problems = new Problems();
  const number = freshPerson(true);
  const wrong = await site.as('scientist@skane', async (page) => {
    await typedTwice(page, number, problems);
    await page.goto(`/stock/skane/${SITE}?component=red_cells&status=available&group=ab_pos`);
    const href = await page.locator('#units tbody th a').first().getAttribute('href');
    return href.split('/').slice(2);
  });
  const request = await site.as('nurse@skane', async (page) => {
    await page.goto('/requests/new');
    await fillOut(page, 'request-new', {
      patient: number, units: '3', ward: 'Avd 12', indication: 'Anemi', site: SITE, urgency: 'urgent',
    });
    problems.add(await violations(page));
    return pathOf(page);
  });
  problems.expect(/^\/requests\/[^/]+$/.test(request), `the request is at ${request}`);
  const units = await site.as('scientist@skane', async (page) => {
    await page.goto(`/work?site=${SITE}`);
    await page.locator(`a[href="${request}"]`).first().click();
    await page.waitForURL((url) => url.pathname === request);
    problems.add(await violations(page));
    // Two of the three are set aside; there is room for what is scanned beside them.
    await page.locator('#next input[type="checkbox"]:checked').last().uncheck();
    await fillOut(page, 'request-reserve', {}, '#next');
    const hrefs = await page.locator('#aside tbody th a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    problems.expect(hrefs.length === 2, `${hrefs.length} set aside: ${(await said(page)).slice(0, 900)}`);
    problems.throwIfAny();
    problems.add(await violations(page));
    // A bag of another group: the gate refuses all of it, and says why.
    await tabTo(page, '#f-scanned');
    await scan(page, scanOf(...wrong));
    await tabTo(page, '#f-fetched-by');
    await page.keyboard.type('Jasmin');
    await led(page, () => page.keyboard.press('Enter'));
    const refused = await page.locator('.refusal, [role="alert"]').first().innerText();
    problems.expect(/EI-7|ABO/.test(refused), `the refusal: ${refused}`);
    problems.add(await violations(page));
    const bags = hrefs.map((href) => href.split('/').slice(2));
    await page.locator('#f-scanned').fill('');
    for (const bag of bags) await scan(page, scanOf(...bag));
    await tabTo(page, '#f-fetched-by');
    await led(page, () => page.keyboard.press('Enter'));
    return bags;
  });
  await bedside(site, number, units, problems);
  problems.throwIfAny();
}

/** Two scans, one answer; the other bag comes back. */
async function bedside(site, number, [first, second], problems) {
  await site.as('nurse@skane', async (page) => {
    await page.goto('/transfuse');
    await led(page, () => scan(page, number));
    await led(page, () => scan(page, scanOf(...first)));
    const band = page.locator('.bedside');
    problems.expect((await band.getAttribute('class'))?.includes('yes'), `beside: ${await said(page)}`);
    problems.add(await violations(page));
    await fillOut(page, 'bedside-given', {});
    await page.goto('/transfuse/return');
    await fillOut(page, 'ward-return', {
      scanned: scanOf(...second), uncooled: '10', cooled: '0', temperature: 'no_record', intact: true, site: SITE,
    });
    problems.add(await violations(page));
    for (const [[din, product], word] of [[first, /Inte i lager/], [second, /karantän|tillgänglig/i]]) {
      await page.goto(`/units/${din}/${product}`);
      const text = await said(page);
      problems.expect(word.test(text), `${din}: ${text.slice(0, 300)}`);
    }
  });
}

/** Two physicians, two records: the second is led to the decision from where the day starts. */
async function exception(site) {
  const problems = new Problems();
  const request = await site.as('nurse@skane', async (page) => {
    const number = freshPerson();
    await page.goto(`/patients/new?number=${number}`);
    await fillOut(page, 'patient-register', { name: 'Prov Undantag' });
    await page.goto('/requests/new');
    await fillOut(page, 'request-new', {
      patient: number, units: '1', ward: 'Akuten', indication: 'Blödning', site: SITE, urgency: 'urgent',
    });
    return pathOf(page);
  });
  await site.as('scientist@skane', async (page) => {
    await page.goto(request);
    await fillOut(page, 'request-decide', {
      'decide-rule': 'missing_tests', 'decide-capacity': 'treating', 'decide-physician': 'Doktor Behandlande',
      'decide-reason': 'Livshotande blödning',
    });
    problems.expect((await said(page)).includes('Ett beslut av två'), 'one decision holds by itself');
    problems.add(await violations(page));
  });
  await site.as('physician@skane', async (page) => {
    await page.goto('/');
    problems.expect(pathOf(page) === '/deviations', `the day starts at ${pathOf(page)}`);
    const step = page.locator(`#exceptions a[href^="${request}?decide="]`);
    problems.expect((await step.count()) === 1, 'the decision is not asked for');
    problems.throwIfAny();
    problems.add(await violations(page));
    await step.click();
    await page.waitForURL((url) => url.pathname === request);
    const rule = await page.locator('#f-decide-rule').inputValue();
    problems.expect(rule === 'missing_tests', `the form is about “${rule}”`);
    await fillOut(page, 'request-decide', {
      'decide-physician': 'Cecilia Exempelius', 'decide-reason': 'Risken är större utan',
    });
    const text = await said(page);
    problems.expect(text.includes('✓ Gäller') || text.includes('● Gäller'), `decided: ${text.slice(0, 600)}`);
    await page.goto('/deviations');
    problems.expect((await step.count()) === 0, 'it is still asked for');
  });
  problems.throwIfAny();
}
