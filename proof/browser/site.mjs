// What the suites know about the site: its pages, its languages, how one signs in.

import { AXE } from './axe.mjs';
import { evidence } from './evidence.mjs';
import { watched } from './runner.mjs';

export const LANGUAGES = ['sv', 'en'];

/** Sizes of the narrowest phone, of an ordinary one, of a tablet, and of a desk. */
export const WIDTHS = {
  320: { width: 320, height: 640 },
  390: { width: 390, height: 844 },
  768: { width: 768, height: 1024 },
  1280: { width: 1280, height: 900 },
};

export const PASSWORD = 'samband-demo';

const COORDINATOR = 'coordinator@skane';
const ADMINISTRATOR = 'administrator@skane';
const SCIENTIST = 'scientist@skane';
const PHYSICIAN = 'physician@skane';
const NURSE = 'nurse@skane';
const TIB = 'tib@skane';
const PHLEBOTOMIST = 'phlebotomist@skane';

/**
 * Every page, who looks at it (nobody: signed out), and the name of its pictures. A page whose
 * address holds a number of its own is found as the first link of its kind on another one.
 */
export const PAGES = [
  { name: 'sign-in', path: '/sign-in', user: null },
  { name: 'situation', path: '/situation', user: COORDINATOR },
  { name: 'alarm', path: '/alarm', user: TIB },
  { name: 'alarm-new', path: '/alarm/new', user: TIB },
  { name: 'incident-new', path: '/incidents/new', user: TIB },
  { name: 'incidents', path: '/incidents', user: TIB },
  { name: 'stock', path: '/stock', user: COORDINATOR },
  { name: 'stock-site', path: '/stock/skane/lund-bc', user: SCIENTIST },
  { name: 'stock-external', path: '/stock/external', user: COORDINATOR },
  { name: 'stock-take-over', path: '/stock/take-over', user: SCIENTIST },
  { name: 'stock-count', path: '/stock/count', user: SCIENTIST },
  { name: 'stock-handle', path: '/stock/handle', user: SCIENTIST },
  { name: 'shipments', path: '/shipments', user: SCIENTIST },
  { name: 'shipment', path: '/shipments', link: 'main tbody a', user: SCIENTIST },
  { name: 'unit', path: '/stock/skane/lund-bc', link: '#units tbody a', user: SCIENTIST },
  { name: 'donation', path: '/stock/skane/lund-bc', link: '#units tbody a', up: 1, user: SCIENTIST },
  { name: 'shipments-send', path: '/shipments/send', user: SCIENTIST },
  { name: 'scan', path: '/scan', user: SCIENTIST },
  { name: 'picture', path: '/picture', user: COORDINATOR },
  { name: 'region', path: '/regions/skane', user: COORDINATOR },
  { name: 'figure', path: '/figures/skane/active_donors', user: COORDINATOR },
  { name: 'roles', path: '/roles', user: COORDINATOR },
  { name: 'agreements', path: '/agreements', user: COORDINATOR },
  { name: 'agreement', path: '/agreements', link: 'main a[href^="/agreements/"]', user: COORDINATOR },
  { name: 'person', path: '/people/skane/scientist', user: COORDINATOR },
  { name: 'break-glass', path: '/break-glass', user: COORDINATOR },
  { name: 'readiness', path: '/readiness', user: 'tib@skane' },
  { name: 'readiness-report', path: '/readiness/report/lund', user: NURSE },
  { name: 'helicopters', path: '/readiness/helicopters', user: 'tib@skane' },
  { name: 'material', path: '/readiness/material', user: 'tib@skane' },
  { name: 'exercise', path: '/exercise', user: COORDINATOR },
  { name: 'account', path: '/account', user: COORDINATOR },
  {
    name: 'compatibility',
    path: '/compatibility?component=platelets&recipient=a_neg&sex=f&age=30&antibodies=c',
    user: COORDINATOR,
  },
  { name: 'rules', path: '/rule-sets', user: COORDINATOR },
  { name: 'rule-set', path: '/rule-sets', link: 'main a[href^="/rule-sets/"]', user: COORDINATOR },
  { name: 'rules-compare', path: '/rule-sets/compare', user: COORDINATOR },
  { name: 'rules-draft', path: '/rule-sets/draft', user: COORDINATOR },
  { name: 'import', path: '/import', user: COORDINATOR },
  { name: 'journal', path: '/journal', user: COORDINATOR },
  { name: 'peers', path: '/peers', user: ADMINISTRATOR },
  { name: 'accounts', path: '/accounts', user: ADMINISTRATOR },
  { name: 'account-one', path: '/accounts/tib@skane', user: ADMINISTRATOR },
  { name: 'about', path: '/about', user: COORDINATOR },
  { name: 'donors', path: '/donors', user: PHLEBOTOMIST },
  { name: 'donors-new', path: '/donors/new', user: PHLEBOTOMIST },
  { name: 'donor', path: '/call-ups/switch', link: 'main a[href^="/donors/d"]', user: PHLEBOTOMIST },
  { name: 'appointments', path: '/appointments', user: PHLEBOTOMIST },
  { name: 'call-ups', path: '/call-ups', user: PHLEBOTOMIST },
  { name: 'call-up', path: '/call-ups', link: 'main a[href^="/call-ups/cl-"]', user: PHLEBOTOMIST },
  { name: 'call-ups-silent', path: '/call-ups/silent', user: PHLEBOTOMIST },
  { name: 'call-ups-switch', path: '/call-ups/switch', user: PHLEBOTOMIST },
  { name: 'plan-transfers', path: '/plan/transfers', user: COORDINATOR },
  { name: 'plan-decide', path: '/plan/transfers', link: 'main a[href^="/plan/decide"]', user: COORDINATOR },
  { name: 'plan-use', path: '/plan/use', user: COORDINATOR },
  { name: 'plan-use-import', path: '/plan/use/import', user: COORDINATOR },
  { name: 'plan-call-ups', path: '/plan/call-ups', user: COORDINATOR },
  { name: 'plan-forecast', path: '/plan/forecast?site=lund-bc', user: COORDINATOR },
  { name: 'plan-targets', path: '/plan/targets?site=lund-bc', user: COORDINATOR },
  {
    name: 'plan-targets-set',
    path: '/plan/targets/set?site=lund-bc&component=red_cells&group=o_neg',
    user: COORDINATOR,
  },
  { name: 'plan-campaigns', path: '/plan/campaigns', user: COORDINATOR },
  { name: 'plan-settlement', path: '/plan/settlement', user: COORDINATOR },
  { name: 'plan-settlement-homes', path: '/plan/settlement/homes', user: COORDINATOR },
  { name: 'agreements-supply', path: '/agreements/supply', user: 'director@skane' },
  { name: 'plan-joint', path: '/plan/joint', user: 'director@skane' },
  { name: 'donations', path: '/donations', user: SCIENTIST },
  { name: 'donations-new', path: '/donations/new', user: PHLEBOTOMIST },
  { name: 'preparation', path: '/preparation', user: SCIENTIST },
  { name: 'test-results', path: '/test-results', user: SCIENTIST },
  { name: 'release', path: '/release', user: SCIENTIST },
  { name: 'patients', path: '/patients', user: SCIENTIST },
  { name: 'patients-new', path: '/patients/new', user: SCIENTIST },
  { name: 'disclosures', path: '/disclosures', user: SCIENTIST },
  { name: 'requests', path: '/requests', user: SCIENTIST },
  { name: 'requests-new', path: '/requests/new', user: NURSE },
  { name: 'requests-emergency', path: '/requests/emergency', user: SCIENTIST },
  { name: 'requests-paper', path: '/requests/paper', user: SCIENTIST },
  { name: 'work', path: '/work', user: SCIENTIST },
  { name: 'transfuse', path: '/transfuse', user: NURSE },
  { name: 'transfuse-return', path: '/transfuse/return', user: NURSE },
  { name: 'transfuse-waste', path: '/transfuse/waste', user: NURSE },
  { name: 'transfuse-reaction', path: '/transfuse/reaction', user: NURSE },
  { name: 'reactions', path: '/reactions', user: PHYSICIAN },
  { name: 'deviations', path: '/deviations', user: PHYSICIAN },
  { name: 'rosters', path: '/rosters', user: 'tib@skane' },
  { name: 'rosters-edit', path: '/rosters/edit?party=skane&role=tib', user: 'tib@skane' },
  { name: 'rosters-reach', path: '/rosters/reach', user: 'tib@skane' },
  { name: 'rosters-cards', path: '/rosters/cards', user: 'tib@skane' },
  { name: 'answer-code', path: '/k', user: null },
  { name: 'withdrawals', path: '/withdrawals', user: SCIENTIST },
  { name: 'withdrawals-new', path: '/withdrawals/new', user: PHLEBOTOMIST },
  { name: 'plasma', path: '/plasma', user: SCIENTIST },
  { name: 'reports', path: '/reports', user: PHYSICIAN },
  { name: 'trace', path: '/trace', user: SCIENTIST },
  { name: 'shipments-ask', path: '/shipments/ask', user: SCIENTIST },
  { name: 'timetable', path: '/shipments/timetable', user: SCIENTIST },
  { name: 'rare', path: '/rare?group=o_neg&lacks=Fya,Jka', user: SCIENTIST },
  { name: 'bus', path: '/bus', user: PHLEBOTOMIST },
  { name: 'numbers', path: '/donations/numbers', user: SCIENTIST },
  { name: 'irradiate', path: '/preparation/irradiate', user: SCIENTIST },
  { name: 'donation-one', path: '/donations', link: '#donations tbody a', user: SCIENTIST },
  { name: 'patient', path: '/patients', link: '#work tbody a', user: SCIENTIST },
  { name: 'request', path: '/requests', link: 'main tbody a', user: SCIENTIST },
  { name: 'withdrawal', path: '/withdrawals', link: 'main tbody a', user: SCIENTIST },
  { name: 'disclosure', path: '/disclosures', link: 'main tbody a', user: SCIENTIST },
];

export class Site {
  #browser;
  #sessions = new Map();
  #contexts = new Map();
  #addresses = new Map();

  constructor(browser, base) {
    this.#browser = browser;
    this.base = base;
  }

  /** Another site in the same browser. */
  at(base) {
    return new Site(this.#browser, base);
  }

  /** A new browser context, signed out, that shows the site at desk size. */
  async context(options = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.base,
      viewport: WIDTHS[1280],
      // The switch in the page decides the language, whatever the browser would like.
      locale: 'sv-SE',
      // A colour on its way to another has no contrast to measure.
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(30_000);
    if (options.javaScriptEnabled !== false) await context.addInitScript(AXE);
    return context;
  }

  /** Runs with a page in a context of its own in which `user` has signed in (nobody: null). */
  async as(user, run, password = PASSWORD) {
    const storageState = user ? await this.#session(user, password) : undefined;
    const context = await this.context({ storageState });
    const page = await slowed(await context.newPage());
    return watched(() => evidence(page, user), () => context.close(), () => run(page));
  }

  /** Signs in through the form, once; what the browser was given then serves again. */
  #session(user, password = PASSWORD) {
    return kept(this.#sessions, `${user} ${password}`, async () => {
      const context = await this.context();
      try {
        const page = await context.newPage();
        await this.signIn(page, user, password);
        return await context.storageState();
      } finally {
        await context.close();
      }
    });
  }

  /** Contexts in which `user` reads `language`, each with the pages that nobody uses just now. */
  #reader(user, language) {
    return kept(this.#contexts, `${user} ${language}`, async () => {
      const storageState = user ? await this.#session(user) : undefined;
      const context = await this.context({ storageState });
      const page = await context.newPage();
      await page.goto(user ? '/account' : '/sign-in');
      await switchLanguage(page, language);
      return { context, idle: [page] };
    });
  }

  /** Runs with a page of its own kind. Pages serve again, unless something went wrong in them. */
  async with(user, language, run) {
    const { context, idle } = await this.#reader(user, language);
    const page = idle.pop() ?? (await context.newPage());
    let isSound = false;
    const close = () => (isSound ? idle.push(page) : page.close());
    return watched(() => evidence(page, user), close, async () => {
      await page.setViewportSize(WIDTHS[1280]);
      await page.emulateMedia({ media: null });
      const answer = await run(page);
      isSound = true;
      return answer;
    });
  }

  /** A page's address; one that is found by a link is looked for once, by whoever looks at it. */
  async addressOf(page, wanted) {
    return kept(this.#addresses, wanted.name, () => found(page, wanted));
  }

  /** Signs in through the form, as a person would. */
  async signIn(page, user, password = PASSWORD) {
    await page.goto('/sign-in');
    await page.locator('input[name="user"]').fill(user);
    await page.locator('input[name="password"]').fill(password);
    const left = page.waitForURL((url) => url.pathname !== '/sign-in');
    await page.locator('form:has(input[name="password"]) [type="submit"]').click();
    await left;
  }
}

/** The page; with `SLOW=6` in the environment, one on a machine that is six times slower. */
async function slowed(page) {
  const rate = Number(process.env.SLOW);
  if (rate) {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate });
  }
  return page;
}

/** What is kept under a key; made when it is first asked for, and again if that failed. */
async function kept(all, key, make) {
  if (!all.has(key)) all.set(key, make());
  try {
    return await all.get(key);
  } catch (error) {
    all.delete(key);
    throw error;
  }
}

async function found(page, { path, link, up = 0 }) {
  if (!link) return path;
  await page.goto(path);
  const hrefs = await page.locator(link).evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  const href = hrefs.find((one) => !one.endsWith('/compare') && !one.endsWith('/draft'));
  if (!href) throw new Error(`no ${link} on ${path}`);
  return href.split('/').slice(0, up === 0 ? undefined : -up).join('/');
}

/** Opens a page, and waits for what it computes while it is shown; answers what `goto` answers. */
export async function open(page, path) {
  const response = await page.goto(path);
  await page.waitForFunction(() => !document.querySelector('[data-again]'), null, { timeout: 120_000 });
  return response;
}

/** Clicks the link to the other language, if the page is not yet in the one wanted. */
export async function switchLanguage(page, language) {
  if ((await languageOf(page)) === language) return;
  await page.locator(`a[hreflang="${language}"]`).first().click();
  await page.waitForSelector(`html[lang="${language}"]`);
}

/** The language that a page says it is in. */
export async function languageOf(page) {
  return page.locator('html').getAttribute('lang');
}

/** A text with every sort of space, the thousands separators among them, as a plain one. */
export function plain(text) {
  return text.replace(/\s+/gu, ' ').trim();
}
