// Every page in every language at every width: it answers, it is accessible, it fits.

import { violations } from './axe.mjs';
import { picture } from './evidence.mjs';
import { Problems } from './runner.mjs';
import { LANGUAGES, PAGES, WIDTHS, open } from './site.mjs';

/** Between the narrowest and the widest nothing is laid out that one of them does not show. */
const AXE_AT = ['320', '1280'];

export function add(runner, site) {
  for (const language of LANGUAGES) {
    for (const page of PAGES) {
      runner.test(`pages: ${page.name} in ${language}`, () => visit(site, page, language));
    }
  }
  runner.test('pages: axe finds a fault where there is one', () => axeIsAwake(site));
}

async function visit(site, wanted, language) {
  await site.with(wanted.user, language, async (page) => {
    const problems = new Problems();
    const path = await site.addressOf(page, wanted);
    const done = watch(page, site.base, problems);
    const response = await open(page, path);
    const { pathname } = new URL(page.url());
    const is = await page.evaluate(() => ({
      language: document.documentElement.lang,
      headings: document.querySelectorAll('h1').length,
      title: document.title.trim(),
      text: document.body.innerText,
    }));
    problems.expect(response.status() === 200, `status ${response.status()}`);
    problems.expect(decodeURI(pathname) === path.split('?')[0], `led away to ${page.url()}`);
    problems.expect(is.language === language, `is not in ${language}`);
    problems.expect(is.headings === 1, `${is.headings} headings of the first level`);
    problems.expect(is.title !== '', 'has no title');
    problems.expect(/demo/i.test(is.text), 'does not say demo');
    problems.add(await atEveryWidth(page, `${wanted.name}-${language}`));
    done();
    problems.throwIfAny();
  });
}

/** What is wrong with a page at some width: it is too wide, or axe finds something. */
export async function atEveryWidth(page, name) {
  const problems = [];
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    await picture(page, `${name}-${width}`);
    const found = await wider(page);
    if (AXE_AT.includes(width)) found.push(...(await violations(page)));
    problems.push(...found.map((text) => `at ${width} px: ${text}`));
  }
  return problems;
}

/** Errors in the page, failed requests, and any request to somebody else; until it is done. */
function watch(page, base, problems) {
  const watchers = {
    pageerror: (error) => problems.add([`script: ${error.message}`]),
    console: (message) => {
      if (message.type() === 'error') problems.add([`console: ${message.text()}`]);
    },
    request: (request) => {
      const isOurs = [`${base}/`, 'data:'].some((start) => request.url().startsWith(start));
      problems.expect(isOurs, `asks a stranger: ${request.url()}`);
    },
  };
  for (const [event, watcher] of Object.entries(watchers)) page.on(event, watcher);
  return () => {
    for (const [event, watcher] of Object.entries(watchers)) page.off(event, watcher);
  };
}

/** Says which elements make the page wider than its window. */
export async function wider(page) {
  return page.evaluate(() => {
    if (document.scrollingElement.scrollWidth <= window.innerWidth) return [];
    const scrolls = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== 'visible') return true;
      }
      return false;
    };
    const wide = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .filter((element) => !scrolls(element))
      .slice(0, 5)
      .map((element) => element.outerHTML.slice(0, 120));
    return ['scrolls sideways', ...wide];
  });
}

/** A check that never fails proves nothing: grey on grey and a nameless button must be seen. */
async function axeIsAwake(site) {
  await site.as(null, async (page) => {
    await page.setContent('<h1 style="color:#bbb">Grått på vitt</h1><button></button>');
    const found = (await violations(page)).join('\n');
    const problems = new Problems();
    problems.expect(found.includes('axe color-contrast'), 'contrast was not seen');
    problems.expect(found.includes('axe button-name'), 'a button without a name was not seen');
    problems.throwIfAny();
  });
}
