// Everything works without scripts.

import { evidence } from './evidence.mjs';
import { Problems, watched } from './runner.mjs';
import { PAGES, languageOf, plain, switchLanguage } from './site.mjs';

export function add(runner, site) {
  const test = (name, run) => runner.test(`nojs: ${name}`, () => withoutScripts(site, run));
  test('sign in, see the picture, switch language, sign out', journey);
  for (const user of new Set(PAGES.map((page) => page.user))) {
    test(`every page of ${user ?? 'nobody'}`, (page) => everyPage(site, page, user));
  }
}

async function withoutScripts(site, run) {
  const context = await site.context({ javaScriptEnabled: false });
  const page = await context.newPage();
  await watched(() => evidence(page, 'somebody without scripts'), () => context.close(), () => run(page, site));
}

async function journey(page, site) {
  const problems = new Problems();
  await site.signIn(page, 'coordinator@skane');
  const address = () => new URL(page.url()).pathname;
  problems.expect(address() === '/situation', `signing in leads to ${page.url()}`);
  const picture = plain(await page.locator('main').innerText());
  for (const region of ['Blekinge', 'Halland', 'Kronoberg', 'Skåne']) {
    problems.expect(picture.includes(region), `the picture does not show ${region}`);
  }

  await switchLanguage(page, 'en');
  await page.goto('/roles');
  problems.expect((await languageOf(page)) === 'en', 'the language is not remembered');

  // The navigation is there twice, for desk and phone; this is the one that can be seen.
  await page.locator('nav li.more summary').locator('visible=true').first().click();
  await page.locator('nav a[href="/agreements"]').locator('visible=true').first().click();
  problems.expect(address() === '/agreements', `the navigation leads to ${page.url()}`);

  await page.locator('form.sign-out [type="submit"]').click();
  await page.goto('/picture');
  problems.expect(address() === '/sign-in', 'signed out, but the picture is still shown');
  problems.throwIfAny();
}

async function everyPage(site, page, user) {
  const problems = new Problems();
  if (user) await site.signIn(page, user);
  for (const wanted of PAGES.filter((one) => one.user === user)) {
    const path = await site.addressOf(page, wanted);
    const response = await page.goto(path);
    problems.expect(response.status() === 200, `${path}: status ${response.status()}`);
    const text = plain(await page.locator('main').innerText());
    problems.expect(text.length > 40, `${path}: shows almost nothing: ${text}`);
  }
  problems.throwIfAny();
}
