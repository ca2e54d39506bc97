// Every page in every language at every width: it answers, it is accessible, it fits.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { Problems } from './runner.mjs';
import { LANGUAGES, PAGES, WIDTHS, addressOf, languageOf } from './site.mjs';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const OUT = fileURLToPath(new URL('./out/', import.meta.url));

export function add(runner, site) {
  mkdirSync(OUT, { recursive: true });
  for (const language of LANGUAGES) {
    for (const page of PAGES) {
      for (const width of Object.keys(WIDTHS)) {
        const name = `pages: ${page.name} in ${language} at ${width} px`;
        runner.test(name, () => visit(site, page, language, width));
      }
    }
  }
  runner.test('pages: axe finds a fault where there is one', () => axeIsAwake(site));
}

async function visit(site, wanted, language, width) {
  const { name, user } = wanted;
  await site.with(user, language, async (page) => {
    const problems = new Problems();
    const path = await addressOf(page, wanted);
    watch(page, site.base, problems);
    await page.setViewportSize(WIDTHS[width]);
    const response = await page.goto(path, { waitUntil: 'load' });
    await page.screenshot({ path: `${OUT}${name}-${language}-${width}.png`, fullPage: true });

    problems.expect(response.status() === 200, `status ${response.status()}`);
    problems.expect(decodeURI(new URL(page.url()).pathname) === path.split('?')[0], `led away to ${page.url()}`);
    problems.expect((await languageOf(page)) === language, `is not in ${language}`);
    const headings = await page.locator('h1').count();
    problems.expect(headings === 1, `${headings} headings of the first level`);
    problems.expect((await page.title()).trim() !== '', 'has no title');
    problems.expect(/demo/i.test(await page.locator('body').innerText()), 'does not say demo');
    problems.add(await wider(page));
    problems.add(await violations(page));
    problems.throwIfAny();
  });
}

/** Errors in the page, failed requests, and any request to somebody else. */
function watch(page, base, problems) {
  page.on('pageerror', (error) => problems.add([`script: ${error.message}`]));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.add([`console: ${message.text()}`]);
  });
  page.on('request', (request) => {
    const isOurs = [`${base}/`, 'data:'].some((start) => request.url().startsWith(start));
    problems.expect(isOurs, `asks a stranger: ${request.url()}`);
  });
}

/** Keeps a picture of the whole page. */
export async function picture(page, name) {
  await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
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

/** axe's violations of WCAG 2.1 A and AA, contrast included, with the elements at fault. */
export async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (values) => {
    const options = { runOnly: { type: 'tag', values }, resultTypes: ['violations'] };
    return (await window.axe.run(document, options)).violations;
  }, STANDARDS);
  return found.flatMap(({ id, nodes }) =>
    nodes.slice(0, 5).map(({ html, failureSummary }) => {
      const reason = failureSummary.split('\n').slice(1).join('; ').trim();
      return `axe ${id}: ${html.slice(0, 160)} (${reason})`;
    }),
  );
}

/** A check that never fails proves nothing: grey on grey and a nameless button must be seen. */
async function axeIsAwake(site) {
  const context = await site.context();
  try {
    const page = await context.newPage();
    await page.setContent('<h1 style="color:#bbb">Grått på vitt</h1><button></button>');
    const found = (await violations(page)).join('\n');
    const problems = new Problems();
    problems.expect(found.includes('axe color-contrast'), 'contrast was not seen');
    problems.expect(found.includes('axe button-name'), 'a button without a name was not seen');
    problems.throwIfAny();
  } finally {
    await context.close();
  }
}
