// Every page in a real browser: node run.mjs BASE_URL [WORD…]
//
// With words, only the tests whose names hold one of them run; the rest count as skipped.

import { launch } from './chromium.mjs';
import { Runner } from './runner.mjs';
import { Site } from './site.mjs';
import * as pages from './pages.mjs';
import * as keyboard from './keyboard.mjs';
import * as nojs from './nojs.mjs';
import * as print from './print.mjs';
import * as journeys from './journeys.mjs';
import * as rules from './rules.mjs';
import * as stock from './stock.mjs';
import * as chain from './chain.mjs';
import * as regions from './regions.mjs';
import * as bench from './bench.mjs';

// The journeys come last: they change the world that the others look at.
const SUITES = [pages, keyboard, nojs, print, journeys, rules, stock, chain, regions, bench];

const [base, ...words] = process.argv.slice(2);
if (!base?.startsWith('http://127.0.0.1:')) {
  console.error('usage: node run.mjs http://127.0.0.1:PORT [WORD…]');
  process.exit(2);
}

const browser = await launch();
try {
  const site = new Site(browser, base.replace(/\/+$/, ''));
  const runner = new Runner(words);
  SUITES.forEach((suite) => suite.add(runner, site));
  process.exitCode = (await runner.run()) ? 0 : 1;
} finally {
  await browser.close();
}
