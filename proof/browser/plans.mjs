// Joint or alone: the slider, the line of long computations, the page for a board.

import { submit } from './forms.mjs';
import { Problems } from './runner.mjs';
import { plain } from './site.mjs';

const RUN = '#job form:has(input[value="run-joint"])';
const STOP = '#job form:has(input[value="stop-joint"])';

export function add(runner, site) {
  const test = (name, run) => runner.test(`plans: ${name}`, () => run(site));
  test('a director slides, computes, stops, computes again and prints', director);
}

const said = async (page) => plain(await page.locator('main').innerText());

async function director(site) {
  await site.as('director@skane', async (page) => {
    const problems = new Problems();
    await page.goto('/roles');
    await page.locator('#joint a[href^="/plan/joint?"]').first().click();
    await page.waitForURL((url) => url.pathname === '/plan/joint');
    await page.locator('#five').waitFor();
    problems.expect((await said(page)).includes('Snabbt svar'), 'there is no answer at once');

    // The number follows the slider, and the answer follows both.
    const slider = page.locator('input[name="price_slide"]');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    const price = await page.locator('input[name="price"]').inputValue();
    problems.expect(price === '950', `the number beside the slider says ${price}`);
    await page.locator('input[name="years"]').fill('20');
    await page.locator('input[name="replications"]').fill('200');
    await submit(page, '#question form');
    await page.locator('#five').waitFor();
    problems.expect((await said(page)).includes('950 kr/enhet'), 'the answer is to another price');

    // A long computation shows how far it is, by itself and when the page is read again.
    await submit(page, RUN);
    await page.locator('#job progress').waitFor();
    await page.reload();
    await page.locator('#job progress').waitFor();
    problems.expect(/Ungefär .* kvar/.test(await far(page)), 'it does not say how long it takes');
    await submit(page, STOP);
    await page.locator(RUN).waitFor();

    await page.locator('input[name="years"]').fill('1');
    await page.locator('input[name="replications"]').fill('10');
    await submit(page, '#question form');
    await submit(page, RUN);
    // Nobody reads the page again: it does so itself.
    await page.getByText('Nedan står det svaret').waitFor();
    const answer = await said(page);
    problems.expect(answer.includes('--years 1 --replications 10'), 'no command repeats it');
    problems.expect(answer.includes('Kostnad för Skåne'), 'the own region is not there');

    const href = await page.locator('a[href^="/plan/joint/board.pdf"]').first().getAttribute('href');
    const pdf = await page.request.get(href);
    const text = (await pdf.body()).toString('latin1');
    problems.expect(pdf.headers()['content-type'] === 'application/pdf', 'it is no PDF');
    problems.expect(text.startsWith('%PDF-') && text.includes('/Count 1'), 'it is not one page');
    // Letters beyond ASCII stand as hexadecimal numbers in the fonts' encoding.
    const title = Buffer.from('Tillsammans eller var för sig?', 'latin1').toString('hex');
    problems.expect(text.includes(`<${title.toUpperCase()}>`), 'its letters are wrong');
    problems.throwIfAny();
  });
}

/** What the computation says of itself once it knows its pace. */
async function far(page) {
  await page.getByText(/kvar\./).first().waitFor();
  return plain(await page.locator('#job').innerText());
}
