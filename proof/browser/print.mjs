// On paper: the content, and nothing that only a screen needs.

import { keep } from './evidence.mjs';
import { Problems } from './runner.mjs';
import { plain } from './site.mjs';

const PAPER = ['/situation', '/stock', '/shipments', '/picture', '/regions/skane', '/roles'];

export function add(runner, site) {
  for (const path of PAPER) {
    runner.test(`print: ${path}`, () => onPaper(site, path));
  }
}

async function onPaper(site, path) {
  await site.with('coordinator@skane', 'sv', async (page) => {
    const problems = new Problems();
    await page.goto(path);
    const onScreen = plain(await page.locator('main h1').innerText());
    await page.emulateMedia({ media: 'print' });
    const heading = page.locator('main h1');
    const printed = (await heading.isVisible()) && plain(await heading.innerText()) === onScreen;
    problems.expect(printed, 'the heading is missing');
    for (const selector of ['nav', 'form.sign-out', 'a.skip', 'button']) {
      const shown = await page.locator(selector).locator('visible=true').count();
      problems.expect(shown === 0, `${selector} is printed (${shown})`);
    }
    const tables = await page.locator('main table').locator('visible=true').count();
    problems.expect(tables > 0, 'no table is printed');

    const pdf = await page.pdf({ format: 'A4', printBackground: false });
    keep(`print${path.replaceAll('/', '-')}.pdf`, pdf);
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    problems.expect(pdf.subarray(0, 5).toString() === '%PDF-', 'is not a PDF');
    problems.expect(sheets >= 1 && sheets <= 10, `takes ${sheets} sheets`);
    problems.expect(pdf.length > 10_000, `is all but empty: ${pdf.length} bytes`);
    problems.throwIfAny();
  });
}
