// A blood bus with a journal of its own, in an installation of its own, beside its region's: what
// is lent, what is done out of reach, what comes home, and what does not agree. Two installations
// of the program are made for it; no other world is touched.

import { violations } from './axe.mjs';
import { Client, Installation } from './installation.mjs';
import { fillOut, led, pathOf, said, scan, scanOf, tabTo } from './people.mjs';
import { Problems } from './runner.mjs';

const SECRET = 'proof-of-the-pudding';
const [HOME, BUS, REVIEWER] = ['anna@skane', 'bo@skane-bus', 'berit@skane'];
const ROLES = 'scientist,administrator,phlebotomist,coordinator';

const RULES = `key,value,unit,source,note
title,Regler för blod,,,
version,2026-1,,,
shelf_life.whole_blood,21,d,DSKI,
nat.in_use,nej,,NAT-DR,
tests.each_donation,hbsag syphilis,,LT-KOMP,
tests.group_determinations,2,determinations,SOS28,
`;

const din = (n) => `A999026${String(n).padStart(6, '0')}`;

export function add(runner, site) {
  runner.test('bus: what is lent is worked with out of reach, and what does not agree is held', () => tour(site));
}

async function tour(site) {
  const [home, bus] = [new Installation(), new Installation()];
  const problems = new Problems();
  try {
    await home.settings();
    await bus.settings();
    bus.run(['body', 'add', 'skane-bus', '--name', 'Blodbussen', '--mobile-unit']);
    const account = (place, user, roles) =>
      place.run(['user', 'add', user, '--role', roles, '--password-stdin'], SECRET);
    account(home, HOME, ROLES);
    account(home, REVIEWER, 'physician');
    account(bus, BUS, ROLES);
    home.trust(bus);
    bus.trust(home);
    await walked(site, home, bus, problems);
  } finally {
    await bus.gone();
    await home.gone();
  }
  problems.throwIfAny();
}

async function walked(site, home, bus, problems) {
  let [here, there] = [await home.up(), await bus.up()];
  const donors = await prepared(here);
  await (await Client.signIn(there, BUS, SECRET)).act('/sites', place('har'));
  await lent(site.at(here), problems);
  await taken(site.at(there), problems);
  // Out of reach: home does not run at all, and the bus asks nobody.
  await home.down();
  await given(site.at(there), [7, 8], donors, problems);
  await bus.down();
  // Meanwhile one of the numbers that were lent is used at home.
  here = await home.up();
  const desk = await Client.signIn(here, HOME, SECRET);
  await desk.act('/donations', {
    din: din(8), donor: donors[0], kind: 'whole_blood', site: 'buss', millilitres: 450,
  });
  there = await bus.up();
  await cameHome(site.at(here), problems);
  await site.at(there).as(BUS, async (page) => {
    await page.goto('/bus');
    await until(page, (text) => text.includes('Allt är hemma'));
    problems.add(await violations(page));
  }, SECRET);
}

const place = (id) => ({ id, name: id, kind: 'mobile_unit', record: 'samband', from: '2025-01-01' });

/** The region with rules, a place and numbers for the bus, and two donors who are booked. */
async function prepared(base) {
  const [anna, berit] = [
    await Client.signIn(base, HOME, SECRET), await Client.signIn(base, REVIEWER, SECRET),
  ];
  const drafted = await anna.act('/rule-sets', { text: RULES });
  await berit.act(`/rule-sets/${drafted.done.id}/reviews`, { verdict: 'approve' });
  await berit.act(`/rule-sets/${drafted.done.id}/adoption`, {});
  await anna.act('/sites', place('buss'));
  await anna.act('/donations/numbers', { site: 'buss', from: din(1), to: din(50) });
  const hours = (n) => new Date(Date.now() + n * 3_600_000).toISOString();
  const session = await anna.act('/donor-sessions', {
    site: 'buss', from: hours(1), until: hours(6), capacity: 10, kinds: ['whole_blood'],
  });
  const donors = [];
  for (const n of [1, 2]) {
    const donor = await anna.act('/donors', {
      number: `GIVARE${String(n).padStart(6, '0')}`, name: `Provgivare ${n}`, kinds: ['whole_blood'],
      may_call: true, earlier: [],
    });
    donors.push(donor.id);
    await anna.act(`/donors/${donor.id}/appointments`, {
      session: session.id, at: hours(2), kind: 'whole_blood',
    });
  }
  return donors;
}

/** Loads the page again until it says what is waited for. */
async function until(page, isSaid) {
  for (let n = 0; n < 60; n += 1) {
    const text = await said(page);
    if (isSaid(text)) return text;
    await page.waitForTimeout(500);
    await page.reload();
  }
  throw new Error(`waited in vain: ${await said(page)}`);
}

async function lent(site, problems) {
  await site.as(HOME, async (page) => {
    await page.goto('/bus');
    await until(page, (text) => text.includes('Blodbussen'));
    problems.add(await violations(page));
    const booked = page.locator('select[name="bus-donors"] option[value^="session:"]');
    await fillOut(page, 'lend-bus', {
      'bus-unit': 'skane-bus', 'bus-site': 'buss', 'bus-donors': await booked.getAttribute('value'),
      'bus-until': '2036-01-01 12:00',
    });
    const text = await said(page);
    problems.expect(/2 givare/.test(text), `lent: ${text}`);
    problems.add(await violations(page));
  }, SECRET);
}

async function taken(site, problems) {
  await site.as(BUS, async (page) => {
    await page.goto('/bus');
    await until(page, (text) => text.includes('Ett lån väntar'));
    problems.add(await violations(page));
    await fillOut(page, 'take-loan', {});
    const text = await said(page);
    problems.expect(text.includes('Lånet gäller till'), `taken: ${text}`);
    problems.expect(!text.includes('Ett lån väntar'), 'it is still offered');
    await page.goto('/donors');
    await tabTo(page, 'main input[name="q"]');
    await scan(page, 'GIVARE000001');
    await page.getByText('Provgivare 1').first().waitFor();
    problems.add(await violations(page));
  }, SECRET);
}

/** Two donations by scanner and keyboard, with no network at all. */
async function given(site, numbers, donors, problems) {
  await site.as(BUS, async (page) => {
    for (const [at, n] of numbers.entries()) {
      await page.goto('/donations/new?site=har');
      await tabTo(page, '#f-din');
      await scan(page, scanOf(din(n)));
      await page.keyboard.type(donors[at]);
      await tabTo(page, '#f-ml');
      await page.keyboard.type('450');
      await led(page, () => page.keyboard.press('Enter'));
      problems.expect(pathOf(page) === `/donations/${din(n)}`, `collected: ${await said(page)}`);
    }
    await page.goto('/bus');
    const text = await said(page);
    problems.expect(!text.includes('Allt är hemma'), `nothing can be home yet: ${text}`);
    problems.add(await violations(page));
  }, SECRET);
}

/** The reports are home, once each; the number that was used twice holds what it stands for. */
async function cameHome(site, problems) {
  await site.as(HOME, async (page) => {
    await page.goto('/bus');
    const text = await until(page, (now) => now.includes('Tappningsnumret fanns redan'));
    problems.expect(text.includes('Allt är hemma'), `home: ${text}`);
    problems.add(await violations(page));
    await page.goto(`/donations/${din(7)}`);
    const good = await said(page);
    problems.expect(!good.includes('två tappningar med samma nummer'), `the first: ${good}`);
    await page.goto(`/donations/${din(8)}`);
    const twice = await said(page);
    problems.expect(twice.includes('två tappningar med samma nummer'), `the second: ${twice}`);
    problems.add(await violations(page));
  }, SECRET);
}
