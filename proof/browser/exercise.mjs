// The exercise of demo.md on a telephone, in a server of its own with its own credentials: looked at
// as it stands after twenty-five minutes, a drill started by keyboard alone, answered, and all of it
// stopped by SKARPT LÄGE.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { fits } from './aftermath.mjs';
import { violations } from './axe.mjs';
import { submit } from './forms.mjs';
import { led, said, tabTo } from './people.mjs';
import { Problems } from './runner.mjs';
import { WIDTHS } from './site.mjs';

const BUILT = fileURLToPath(new URL('../../target/debug/samband', import.meta.url));
const BINARY = process.env.SAMBAND_BIN ?? BUILT;
const START_MS = 240_000;

export function add(runner, site) {
  runner.test('exercise: played, started by keyboard, answered and stopped by SKARPT LÄGE', () => run(site));
}

/** A server of its own; it is asked to end, so that it takes its data with it. */
async function served() {
  if (!existsSync(BINARY)) throw new Error(`no program at ${BINARY}: cargo build -p samband`);
  const words = ['serve', '--exercise', '--played', '--listen', '127.0.0.1:0'];
  const child = spawn(BINARY, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((done) => child.once('exit', done));
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  };
  try {
    return { ...(await printed(child)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address and the password as they are printed. */
function printed(child) {
  return new Promise((done, fail) => {
    let text = '';
    const late = setTimeout(() => fail(new Error(`the exercise did not start:\n${text}`)), START_MS);
    child.once('exit', () => fail(new Error(`the exercise ended:\n${text}`)));
    child.stdout.on('data', (part) => {
      text += part;
      const base = text.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
      const password = text.match(/password (\S+)/)?.[1];
      if (base && password) {
        clearTimeout(late);
        done({ base, password });
      }
    });
  });
}

async function run(site) {
  const server = await served();
  try {
    await story(site.at(server.base), server.password);
  } finally {
    await server.stop();
  }
}

async function story(site, password) {
  const problems = new Problems();
  const as = (user, run) =>
    site.as(user, async (page) => {
      await page.setViewportSize(WIDTHS[390]);
      await run(page);
    }, password);
  await as('tib@vastmanland', (tib) =>
    as('tib@uppsala', async (other) => {
      await played(tib, problems);
      await as('commander@vastmanland', (page) => acknowledged(page, tib, problems));
      const path = await started(tib, problems);
      await answered(other, path, problems);
      await tib.locator('#numbers', { hasText: '1 av' }).waitFor();
      await stopped(other, tib, problems);
    }));
  problems.throwIfAny();
}

/** A page of an exercise: marked first and last, in words, and right on a telephone. */
async function drill(page, problems, what) {
  await fits(page, problems, what);
  problems.add(await violations(page));
  const body = (await page.locator('body').innerText()).trim();
  problems.expect((await page.title()).startsWith('ÖVNING'), `${what}: its title does not say ÖVNING`);
  problems.expect(body.slice(0, 400).includes('ÖVNING'), `${what} does not begin with ÖVNING`);
  problems.expect(body.slice(-200).includes('ÖVNING'), `${what} does not end with ÖVNING`);
}

/** Twenty-five minutes after the alarm: six of seven, 27 of 30, one who has yet to answer. */
async function played(page, problems) {
  await page.goto('/alarm');
  await drill(page, problems, 'the first page');
  const link = page.locator('main a[href^="/alarm/vastmanland/ovn-"]').first();
  await page.goto(await link.getAttribute('href'));
  await drill(page, problems, 'the alarm that was played');
  const numbers = await page.locator('#numbers').innerText();
  for (const part of ['6 av 7', '27']) {
    problems.expect(numbers.includes(part), `it does not stand as in the story: ${part} in ${numbers}`);
  }
  problems.throwIfAny();
}

/** The last one answers, and the open page of whoever alarmed shows it by itself. */
async function acknowledged(page, tib, problems) {
  const path = new URL(tib.url()).pathname;
  await page.goto(path);
  await drill(page, problems, 'the page that is answered');
  const take = page.locator('.answering button[value="takes_on"]').first();
  await led(page, () => take.click());
  problems.expect((await said(page)).includes('Svaret är antecknat'), 'the answer is not noted');
  await tib.locator('#numbers', { hasText: '7 av 7' }).waitFor();
}

/** A drill, by keyboard alone; the real thing's word does not let it go. */
async function started(page, problems) {
  await page.goto('/alarm/new');
  await drill(page, problems, 'the drill’s dialog');
  const words = await said(page);
  for (const part of ['Övningsledare', 'Övningsfönster', 'Skriv ÖVNING för att larma']) {
    problems.expect(words.includes(part), `the dialog does not say ${part}`);
  }
  const fields = { title: 'Brand i tunnel', text: 'Rök, okänt hur många.', source: 'Övningsledningen' };
  for (const [name, text] of Object.entries(fields)) {
    await tabTo(page, `main [name="${name}"]`);
    await page.keyboard.type(text);
  }
  for (const [word, goes] of [['larma', false], ['övning', true]]) {
    await tabTo(page, 'input[name="confirm"]');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(word);
    await led(page, () => page.keyboard.press('Enter'));
    const isGone = new URL(page.url()).pathname !== '/alarm/new';
    problems.expect(isGone === goes, `“${word}” ${goes ? 'does not let it go' : 'lets it go'}`);
    problems.throwIfAny();
  }
  const path = new URL(page.url()).pathname;
  problems.expect(path.startsWith('/alarm/vastmanland/ovn-'), `the drill leads to ${path}`);
  await drill(page, problems, 'the drill');
  problems.throwIfAny();
  return path;
}

async function answered(page, path, problems) {
  await page.goto(path);
  await drill(page, problems, 'the drill in the other region');
  const take = page.locator('.answering button[value="takes_on"]').first();
  await led(page, () => take.click());
  problems.expect((await said(page)).includes('Svaret är antecknat'), 'the drill is not answered');
}

/** From the foot of any page, whoever takes part stops everything. */
async function stopped(page, tib, problems) {
  await page.locator('a[href="/exercise"]').last().click();
  await page.waitForURL((url) => url.pathname === '/exercise');
  await drill(page, problems, 'the page that stops it');
  await page.locator('[name="real-text"]').fill('Det brinner på riktigt');
  await submit(page, 'form:has(input[name="act"][value="stop-exercise"])');
  problems.expect((await said(page)).includes('Övningen är avbruten'), 'it was not stopped');
  await drill(page, problems, 'the exercise that was stopped');
  // Whoever has a page open is told at once, and nothing new can be started.
  await tib.locator('#alarm-banner', { hasText: 'SKARPT LÄGE' }).first().waitFor();
  const link = tib.locator('#alarm-banner a', { hasText: 'SKARPT LÄGE' }).first();
  await tib.goto(await link.getAttribute('href'));
  await drill(tib, problems, 'what is said of the real thing');
  const take = tib.locator('.answering button[value="takes_on"]').first();
  await led(tib, () => take.click());
  problems.expect((await said(tib)).includes('Svaret är antecknat'), 'that it is real is not acknowledged');
  await tib.goto('/alarm');
  const ways = await tib.locator('a[href="/alarm/new"]').count();
  problems.expect(ways === 0, 'a drill is offered after the real thing has happened');
  problems.expect((await tib.locator('body').innerText()).includes('ÖVNINGEN ÄR AVBRUTEN'), 'the page looks as if it went on');
}
