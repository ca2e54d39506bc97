// Two regions signed in at once: asking for units and sending them, a question about a patient, a
// call-back that reaches the neighbour. These change the world they run in, and can be walked again.

import { violations } from './axe.mjs';
import {
  fillOut, freshPerson, freshSample, pathOf, said, scan, scanOf, tabTo,
} from './people.mjs';
import { Problems } from './runner.mjs';

export function add(runner, site) {
  const test = (name, run) => runner.test(`regions: ${name}`, () => run(site));
  test('Skåne asks, Halland promises and sends; each bag is received by its scan', shipment);
  test('Halland asks about a patient, Skåne answers, the antibody is taken in', disclosure);
  test('what Halland calls back is stopped in Skåne, followed up and closed', callBack);
}

/** Both regions at once, each signed in by itself. */
const both = (site, one, other, run) =>
  site.as(one, (first) => site.as(other, (second) => run(first, second)));

/** The address and scan of some free units of a site. */
async function free(page, region, at, count) {
  await page.goto(`/stock/${region}/${at}?component=red_cells&status=available`);
  const links = page.locator('#units tbody th a');
  const hrefs = await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  return hrefs.slice(0, count).map((href) => {
    const [, , din, product] = href.split('/');
    return { href, din, product, scan: scanOf(din, product), name: `${din}.${product}` };
  });
}

/** Waits until an open page shows a text, without being loaded again. */
const shows = (page, text) =>
  page.waitForFunction((wanted) => document.querySelector('main').innerText.includes(wanted), text);

async function shipment(site) {
  const problems = new Problems();
  await both(site, 'scientist@skane', 'scientist@halland', async (skane, halland) => {
    const mark = `Prov ${freshSample()}`;
    await halland.goto('/shipments');
    await skane.goto('/shipments/ask');
    await fillOut(skane, 'call-units', {
      'call-side': 'ask', 'call-site': 'lund-bc', 'call-to': 'halland', 'call-component': 'red_cells',
      'call-count': '2', 'call-by': tomorrow(), 'call-note': mark,
    });
    const call = pathOf(skane);
    problems.expect(/^\/shipments\/calls\/[0-9a-f]{64}$/.test(call), `the call: ${await said(skane)}`);
    problems.throwIfAny();
    problems.add(await violations(skane));
    // The neighbour's open page shows it by itself.
    await halland.locator(`a[href="${call}"]`).first().waitFor();
    await halland.goto(call);
    problems.add(await violations(halland));
    await fillOut(halland, 'answer-call', {
      'answer-verdict': 'accept', 'answer-site': 'varberg-bc', 'answer-units': '2',
    });
    const bags = await free(halland, 'halland', 'varberg-bc', 2);
    await halland.goto(`/shipments/send?call=${call.split('/').at(-1)}`);
    await sent(halland, mark, bags, problems);
    await received(skane, mark, bags, problems);
  });
  problems.throwIfAny();
}

/** `2026-11-23 18:00`, as one types it. */
function tomorrow() {
  const text = new Date(Date.now() + 86_400_000).toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' });
  return `${text.slice(0, 10)} 18:00`;
}

/** Packs one box and sends it, after what the receiver's rules say was read. */
async function sent(page, mark, bags, problems) {
  const fields = {
    'send-from': 'varberg-bc', 'send-to': 'skane/lund-bc', 'send-units': bags.map((bag) => bag.scan).join('\n'),
    'send-temperature': '4,1', 'send-carrier': mark,
  };
  await fillOut(page, 'send-units', fields);
  if (await page.locator('#f-send-seen').count()) {
    problems.expect((await said(page)).includes('karantän'), 'what the receiver says is not told');
    problems.add(await violations(page));
    await fillOut(page, 'send-units', { 'send-seen': true });
  }
  problems.expect((await said(page)).includes(mark), `sent: ${(await said(page)).slice(0, 600)}`);
}

/** Scans one bag in; says of the other that it is not there. */
async function received(page, mark, [here, gone], problems) {
  await page.goto('/shipments');
  await shows(page, mark);
  await page.locator('main tr', { hasText: mark }).locator('a').first().click();
  await page.waitForURL((url) => /^\/shipments\/[0-9a-f]{64}$/.test(url.pathname));
  const shipment = pathOf(page);
  await tabTo(page, '#f-receive-scanned');
  await scan(page, '=A999326999999 00=<B0001V00'.replace(' ', ''));
  await fillOut(page, 'receive-shipment', {});
  problems.expect((await said(page)).includes('finns inte i den här sändningen'), 'a foreign bag is taken');
  problems.add(await violations(page));
  await page.locator('#f-receive-scanned').fill('');
  await tabTo(page, '#f-receive-scanned');
  await scan(page, here.scan);
  await fillOut(page, 'receive-shipment', { [`outcome-${gone.name}`]: 'missing' });
  await page.goto(here.href);
  problems.expect((await said(page)).includes('Lund'), `received: ${(await said(page)).slice(0, 300)}`);
  await page.goto(shipment);
  const text = await said(page);
  problems.expect(text.includes(gone.din.slice(-6)), `the missing bag is not named: ${text.slice(0, 400)}`);
  problems.expect(!text.includes(here.din.slice(-6)), 'what was received is still on its way');
  problems.add(await violations(page));
}

async function disclosure(site) {
  const problems = new Problems();
  const number = freshPerson(true);
  await both(site, 'scientist@skane', 'scientist@halland', async (skane, halland) => {
    const there = await admitted(skane, number);
    await skane.goto(`${there}?step=antibody`);
    await fillOut(skane, 'patient-antibody', { against: 'Jka', significance: 'significant', place: 'Lund' });
    problems.add(await violations(skane));
    const here = await admitted(halland, number);
    await halland.goto(`${here}?step=ask`);
    problems.add(await violations(halland));
    await fillOut(halland, 'patient-ask', {
      to: 'skane', ground: 'consent', urgency: 'emergency', reason: 'Akut kirurgi', phone: '035-174 06 40',
    });
    const asked = await said(halland);
    problems.expect(/okänt/i.test(asked), `no answer yet is unknown: ${asked.slice(0, 800)}`);
    await skane.goto('/disclosures');
    problems.add(await violations(skane));
    const rows = skane.locator('#of-us tbody tr', { has: skane.locator('.tag.attention') });
    const links = await rows.locator('th a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    let found = false;
    for (const link of links) {
      await skane.goto(link);
      found = (await said(skane)).includes(number.slice(0, 8));
      if (found) break;
    }
    problems.expect(found, 'the question is not among those of us');
    problems.throwIfAny();
    problems.add(await violations(skane));
    await fillOut(skane, 'ask-answer', { note: 'Ring vid frågor' });
    await halland.goto('/disclosures');
    await halland.locator('#by-us tbody tr', { hasText: 'besvarad' }).first().waitFor();
    problems.add(await violations(halland));
    const mine = await halland.locator('#by-us tbody th a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    for (const link of mine) {
      await halland.goto(link);
      if (await halland.locator(`a[href="${here}"]`).count()) break;
    }
    problems.expect((await said(halland)).includes('Jka'), 'the antibody is not told');
    problems.add(await violations(halland));
    await fillOut(halland, 'ask-take-in', {});
    problems.expect(pathOf(halland) === here, `taken in at ${pathOf(halland)}`);
    problems.expect((await said(halland)).includes('Jka'), 'the antibody is not taken in');
  });
  problems.throwIfAny();
}

/** Registers somebody; the address of the page. */
async function admitted(page, number) {
  await page.goto(`/patients/new?number=${number}`);
  await fillOut(page, 'patient-register', { name: 'Prov Förfrågan' });
  return pathOf(page);
}

async function callBack(site) {
  const problems = new Problems();
  await both(site, 'scientist@halland', 'scientist@skane', async (halland, skane) => {
    const mark = `Återkallas ${freshSample()}`;
    const bags = await free(halland, 'halland', 'varberg-bc', 2);
    await halland.goto('/shipments/send?site=varberg-bc');
    await sent(halland, mark, bags.slice(0, 1), problems);
    await skane.goto('/shipments');
    await shows(skane, mark);
    await skane.locator('main tr', { hasText: mark }).locator('a').first().click();
    await skane.waitForURL((url) => /^\/shipments\/[0-9a-f]{64}$/.test(url.pathname));
    await fillOut(skane, 'receive-shipment', {});
    await halland.goto('/withdrawals/new');
    problems.add(await violations(halland));
    await fillOut(halland, 'call-back', {
      'back-of': 'donation', 'back-what': bags[0].scan.split('=<')[0], 'back-reason': 'information',
    });
    const home = pathOf(halland);
    problems.expect(/^\/withdrawals\/[0-9a-f]{64}$/.test(home), `called back: ${await said(halland)}`);
    problems.throwIfAny();
    problems.add(await violations(halland));
    await skane.goto(bags[0].href);
    problems.expect((await said(skane)).includes('karantän'), 'it is not stopped in Skåne');
    await skane.goto('/withdrawals');
    await skane.locator(`a[href="${home}"]`).first().waitFor();
    await skane.goto(home);
    problems.add(await violations(skane));
    await fillOut(skane, 'discard-withdrawn', { 'discard-units': bags[0].name });
    // The caller's page learns what became of it, and the case can be closed by a second person.
    await halland.goto(home);
    await halland.waitForFunction(() => !document.querySelector('main').innerText.includes('återstår'));
    await site.as('physician@halland', async (page) => {
      await page.goto('/deviations');
      problems.expect((await page.locator(`a[href="${home}"]`).count()) > 0, 'the physician does not see it');
      await page.goto(home);
      await fillOut(page, 'close-withdrawal', { 'close-outcome': 'stands', 'close-note': 'Givaren följs upp' });
      const text = await said(page);
      problems.expect(text.includes('En andra person bekräftar'), `one is not enough: ${text.slice(0, 500)}`);
      problems.add(await violations(page));
    });
    await fillOut(halland, 'close-withdrawal', { 'close-outcome': 'stands', 'close-note': 'Givaren följs upp' });
    const end = await said(halland);
    problems.expect(/avslutad|avslutat/i.test(end), `closed: ${end.slice(0, 500)}`);
    problems.add(await violations(halland));
  });
  problems.throwIfAny();
}
