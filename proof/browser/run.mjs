// Every page in a real browser: node run.mjs BASE_URL… [WORD…]
//
// With words, only the tests whose names hold one of them run; the rest count as skipped. Each
// base is a world of its own, freshly made: the first is looked at and stays as it is, the journeys
// change the others. With one world alone, or two, what changes it comes in one lane.
//
// WORKERS=n: so many tests at once; SLOW=n: journeys on a machine n times slower, to find what
// depends on who is first; PICTURES=1: a picture of every page at every width, in out/;
// SAMBAND_BIN=PATH: the program that the exercise is held with.

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
import * as bus from './bus.mjs';
import * as hands from './hands.mjs';
import * as plans from './plans.mjs';
import * as callup from './callup.mjs';
import * as alarm from './alarm.mjs';
import * as exercise from './exercise.mjs';

// The bus brings installations of its own, and leaves the world it is shown as it is.
const READING = [pages, keyboard, nojs, print, bus];
const CHANGING = [[chain, hands, regions], [journeys, rules, stock, bench, plans, callup, alarm]];

const isBase = (word) => word.startsWith('http://127.0.0.1:');
const bases = process.argv.slice(2).filter(isBase);
const words = process.argv.slice(2).filter((word) => !isBase(word));
if (bases.length === 0) {
  console.error('usage: node run.mjs http://127.0.0.1:PORT… [WORD…]');
  process.exit(2);
}

const browser = await launch();
try {
  const sites = bases.map((base) => new Site(browser, base.replace(/\/+$/, '')));
  const isDone = sites.length > 1 ? await together(sites) : await inTurn(sites[0]);
  process.exitCode = isDone ? 0 : 1;
} finally {
  await browser.close();
}

/** Reading and changing at once, in different worlds. */
async function together([still, ...worlds]) {
  const runner = new Runner(words);
  READING.forEach((suite) => suite.add(runner, still));
  const lanes = worlds.map(() => runner.lane());
  CHANGING.forEach((suites, n) => {
    suites.forEach((suite) => suite.add(lanes[n % lanes.length], worlds[n % worlds.length]));
  });
  return runner.run();
}

/** In one world, what changes it comes last. */
async function inTurn(site) {
  const [first, last] = [new Runner(words), new Runner(words)];
  READING.forEach((suite) => suite.add(first, site));
  const lane = last.lane();
  CHANGING.flat().forEach((suite) => suite.add(lane, site));
  const isRead = await first.run();
  return (await last.run()) && isRead;
}
