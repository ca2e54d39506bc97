// A small runner: tests in order, one at a time, and a closing line that says how many.

const LIMIT_MS = 90_000;

export class Runner {
  #tests = [];
  #words;

  constructor(words = []) {
    this.#words = words;
  }

  /** Adds a test. It fails when its function throws. */
  test(name, run) {
    this.#tests.push({ name, run });
  }

  /** Runs the tests, prints the outcome of each; true if none failed. */
  async run() {
    const isWanted = ({ name }) =>
      this.#words.length === 0 || this.#words.some((word) => name.includes(word));
    const wanted = this.#tests.filter(isWanted);
    let failed = 0;
    for (const { name, run } of wanted) {
      const started = performance.now();
      const problem = await problemOf(run);
      const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      console.log(`${problem ? 'FAIL' : 'ok  '} ${name} (${took})`);
      if (problem) console.log(indent(problem));
      failed += problem ? 1 : 0;
    }
    const passed = wanted.length - failed;
    const skipped = this.#tests.length - wanted.length;
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0;
  }
}

/** Collects what is wrong, so that one look at a page tells everything. */
export class Problems {
  #found = [];

  /** Notes the text unless the condition holds. */
  expect(condition, text) {
    if (!condition) this.#found.push(text);
  }

  add(texts) {
    this.#found.push(...texts);
  }

  /** Fails if anything was noted. */
  throwIfAny() {
    if (this.#found.length > 0) throw new Error(this.#found.join('\n'));
  }
}

async function problemOf(run) {
  let timer;
  const limit = new Promise((_, reject) => {
    const text = `took longer than ${LIMIT_MS / 1000} s`;
    timer = setTimeout(() => reject(new Error(text)), LIMIT_MS);
  });
  try {
    await Promise.race([run(), limit]);
    return undefined;
  } catch (error) {
    return error.message || String(error);
  } finally {
    clearTimeout(timer);
  }
}

function indent(text) {
  return text.replace(/^/gm, '       ');
}
