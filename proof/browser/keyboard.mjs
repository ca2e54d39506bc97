// The keyboard reaches everything, and shows where it is.

import { Problems } from './runner.mjs';
import { PAGES, addressOf } from './site.mjs';

// A date has several stops inside one control; nothing we use has more.
const STOPS_MAX = 6;

export function add(runner, site) {
  for (const page of PAGES) {
    runner.test(`keyboard: ${page.name}`, () => walk(site, page));
  }
  runner.test('keyboard: the first stop leads past the navigation', () => skipLink(site));
}

async function walk(site, wanted) {
  await site.with(wanted.user, 'sv', async (page) => {
    await page.goto(await addressOf(page, wanted));
    // A page that takes the focus by itself begins in its middle, and needs a second round.
    const isInside = await page.evaluate(() => document.activeElement !== document.body);
    await page.evaluate(() => document.activeElement.blur());
    const expected = await page.evaluate(prepare);
    const pressesMax = STOPS_MAX * (expected + 1);
    let presses = 0;
    let rounds = isInside ? 2 : 1;
    let at = 'start';
    while (rounds > 0 && presses < pressesMax) {
      await page.keyboard.press('Tab');
      at = await page.evaluate(step);
      if (at === 'end') rounds -= 1;
      presses += 1;
    }
    const problems = new Problems();
    problems.expect(at === 'end', `the focus is caught: no end after ${presses} presses`);
    problems.expect(expected > 0, 'there is nothing to reach');
    problems.add(await page.evaluate(() => window.keyboardWalk.missed()));
    problems.throwIfAny();
  });
}

/** In the page: remembers every control and how it looks without focus; returns how many. */
function prepare() {
  const selector =
    'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]';
  const look = (element) => {
    // A control may show its focus itself or through the label or box around it.
    const around = [element, element.closest('label'), element.parentElement];
    return around.filter(Boolean).map((shown) => {
      const style = getComputedStyle(shown);
      const outline = style.outlineStyle === 'none' ? '' : `${style.outline}`;
      return [outline, style.boxShadow, style.border, style.backgroundColor].join('|');
    });
  };
  // Of a group of radio buttons the keyboard stops at one, and moves inside with the arrows.
  const group = (element) =>
    element.type === 'radio' ? `${element.form?.action} ${element.name}` : element;
  const isThere = (element) => !element.disabled && element.checkVisibility();
  const controls = [...document.querySelectorAll(selector)].filter(isThere);
  const unfocused = new Map(controls.map((element) => [element, look(element).join()]));
  const reached = new Set();
  let last = null;
  const unseen = new Set();
  const text = (element) => element.outerHTML.slice(0, 120);
  window.keyboardWalk = {
    reach(element) {
      const isSame = element === last;
      last = element;
      if (reached.has(element)) return isSame;
      reached.add(element);
      if (unfocused.get(element) === look(element).join()) unseen.add(element);
      return true;
    },
    missed() {
      const groups = new Set([...reached].map(group));
      const missing = controls.filter((element) => !groups.has(group(element)));
      return [
        ...missing.map((element) => `is not reached: ${text(element)}`),
        ...[...unseen].map((element) => `does not show its focus: ${text(element)}`),
      ];
    },
  };
  return controls.length;
}

/** In the page: notes where the focus is; `end` when it has been everywhere. */
function step() {
  const element = document.activeElement;
  if (!element || element === document.body) return 'end';
  return window.keyboardWalk.reach(element) ? 'on' : 'end';
}

async function skipLink(site) {
  await site.with('coordinator@skane', 'sv', async (page) => {
    await page.goto('/picture');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const isPast = await page.evaluate(() => {
      const main = document.querySelector('main');
      return location.hash === `#${main.id}` && main.contains(document.activeElement);
    });
    if (!isPast) throw new Error('the first stop does not lead to the page itself');
  });
}
