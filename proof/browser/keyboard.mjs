// The keyboard reaches everything, and shows where it is.

import { Problems } from './runner.mjs';
import { PAGES, open } from './site.mjs';

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
    await open(page, await site.addressOf(page, wanted));
    // A page that takes the focus by itself, as it does before it is first painted, begins in its
    // middle, and needs a second round.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const isInside = await page.evaluate(() => document.activeElement !== document.body);
    await page.evaluate(() => document.activeElement.blur());
    const expected = await page.evaluate(prepare);
    const rounds = isInside ? 2 : 1;
    const keys = await page.context().newCDPSession(page);
    let presses = 0;
    let ends = 0;
    while (ends < rounds && presses < STOPS_MAX * (expected + 1)) {
      await pressTab(keys, expected + 1);
      presses += expected + 1;
      ends = await page.evaluate(() => window.keyboardWalk.ends);
    }
    await keys.detach();
    const problems = new Problems();
    problems.expect(ends >= rounds, `the focus is caught: no end after ${presses} presses`);
    problems.expect(expected > 0, 'there is nothing to reach');
    problems.add(await page.evaluate(() => window.keyboardWalk.missed()));
    problems.throwIfAny();
  });
}

/** Presses Tab so many times without waiting for each to be answered; the page takes note itself. */
async function pressTab(keys, times) {
  const tab = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  const presses = Array.from({ length: times }, () => ['rawKeyDown', 'keyUp']).flat();
  await Promise.all(presses.map((type) => keys.send('Input.dispatchKeyEvent', { type, ...tab })));
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
    ends: 0,
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
  // Where each press has led; the end is where the focus has left the page, or comes round.
  const step = () => {
    const element = document.activeElement;
    const isOn = element && element !== document.body && window.keyboardWalk.reach(element);
    if (!isOn) window.keyboardWalk.ends += 1;
  };
  document.addEventListener('keyup', (event) => event.key === 'Tab' && step(), true);
  return controls.length;
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
