// A small runner: lanes of tests side by side, the tests of one lane in order, and a closing line
// that says how many.

import { AsyncLocalStorage } from 'node:async_hooks';
import { availableParallelism } from 'node:os';

// Ends a test that hangs; no test passes or fails by how fast something was.
const LIMIT_MS = 300_000;

/** What the test that is running has found and opened; see `Problems` and `Site`. */
const running = new AsyncLocalStorage();

/** As many at once as there are processors, within reason; `WORKERS` says otherwise. */
export const WORKERS = Number(process.env.WORKERS) || Math.min(4, Math.max(2, availableParallelism()));

export class Runner {
  #lanes = [];
  #words;

  constructor(words = []) {
    this.#words = words;
  }

  /** Adds a test that may run beside any other. It fails when its function throws. */
  test(name, run) {
    this.#lanes.push([{ name, run }]);
  }

  /** A runner to add tests to that run one after another, beside what runs elsewhere. */
  lane() {
    const lane = [];
    this.#lanes.push(lane);
    return { test: (name, run) => lane.push({ name, run }) };
  }

  /** Runs the tests, prints the outcome of each; true if none failed. */
  async run() {
    const isWanted = ({ name }) =>
      this.#words.length === 0 || this.#words.some((word) => name.includes(word));
    const all = this.#lanes.flat().length;
    // What takes longest begins first, so that no worker waits for another at the end.
    const lanes = this.#lanes.map((lane) => lane.filter(isWanted)).sort((a, b) => b.length - a.length);
    const wanted = lanes.flat().length;
    let failed = 0;
    const work = async () => {
      for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
        for (const test of lane) {
          const isPassed = await passes(test);
          failed += isPassed ? 0 : 1;
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    console.log(`${wanted - failed} passed, ${failed} failed, ${all - wanted} skipped`);
    return failed === 0;
  }
}

/** Runs one test and says how it went, all of it at once. */
async function passes({ name, run }) {
  const started = performance.now();
  const problem = await problemOf(run);
  const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const told = `${problem ? 'FAIL' : 'ok  '} ${name} (${took})`;
  console.log(problem ? `${told}\n${indent(problem)}` : told);
  return !problem;
}

/** Collects what is wrong, so that one look at a page tells everything. */
export class Problems {
  #found = [];

  /** Notes the text unless the condition holds. */
  expect(condition, text) {
    if (!condition) this.add([text]);
  }

  add(texts) {
    this.#found.push(...texts);
    if (texts.length > 0) fails();
  }

  /** Fails if anything was noted. */
  throwIfAny() {
    if (this.#found.length > 0) throw new Error(this.#found.join('\n'));
  }
}

/** Says that the test that is running is going to fail. */
export function fails() {
  const test = running.getStore();
  if (test) test.isFailing = true;
}

/**
 * Runs with something that tells, if the test fails, what it looked like: `look` is asked before
 * `close` takes it away, or when the test is over its time.
 */
export async function watched(look, close, run) {
  const test = running.getStore();
  test?.open.add(look);
  try {
    return await run();
  } catch (error) {
    fails();
    throw error;
  } finally {
    if (test?.isFailing && test.open.has(look)) test.seen.push(await look());
    test?.open.delete(look);
    await close();
  }
}

async function problemOf(run) {
  const test = { isFailing: false, open: new Set(), seen: [] };
  let timer;
  const limit = new Promise((_, reject) => {
    const text = `took longer than ${LIMIT_MS / 1000} s`;
    timer = setTimeout(() => reject(new Error(text)), LIMIT_MS);
  });
  try {
    await Promise.race([running.run(test, run), limit]);
    return undefined;
  } catch (error) {
    const left = [...test.open];
    test.open.clear();
    for (const look of left) test.seen.push(await look());
    return [error.message || String(error), ...test.seen].join('\n');
  } finally {
    clearTimeout(timer);
  }
}

function indent(text) {
  return text.replace(/^/gm, '       ');
}
