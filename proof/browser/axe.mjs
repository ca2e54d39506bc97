// axe in every page: WCAG 2.1 A and AA, contrast included.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const SOURCE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Given to the browser once for each context: sending it to each page takes longer than its use. */
export const AXE = { content: readFileSync(SOURCE, 'utf8') };

/** axe's violations, with the elements at fault. */
export async function violations(page) {
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
