// Forms, filled in as a person would who reads the labels.

/** Sends the first such form that can be seen, and waits for the page that answers. */
export async function submit(page, form) {
  const button = page.locator(`${form} [type="submit"]`).locator('visible=true').first();
  await Promise.all([page.waitForEvent('domcontentloaded'), button.click()]);
}

/** Gives the file to the page's upload form, together with whatever else that form asks. */
export async function upload(page, name, text) {
  const form = 'main form:has(input[type="file"])';
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.locator(`${form} input[type="file"]`).setInputFiles(file);
  await fillIn(page, { text: '2024' }, form);
  await submit(page, form);
}

/** Fills every empty field: a choice with the wanted region where it is offered. */
export async function fillIn(page, { region, text }, form = 'main form[method="post"]') {
  const scope = page.locator(form).locator('visible=true').first();
  for (const select of await scope.locator('select').all()) {
    const values = await select.locator('option').evaluateAll((all) => all.map((o) => o.value));
    const wanted = values.find((value) => value === region) ?? values.find((value) => value);
    if ((await select.inputValue()) === '' || values.includes(region)) {
      await select.selectOption(wanted);
    }
  }
  const radio = scope.locator(`input[type="radio"][value="${region}"]`);
  if ((await radio.count()) > 0) await radio.check();
  const notTyped = '[type="hidden"],[type="file"],[type="radio"],[type="checkbox"]';
  const typed = `input:not(${notTyped}), textarea`;
  for (const field of await scope.locator(typed).all()) {
    if ((await field.inputValue()) === '') await field.fill(await answer(field, text));
  }
}

async function answer(field, text) {
  const [type, mode] = [await field.getAttribute('type'), await field.getAttribute('inputmode')];
  if (type === 'date') return '2027-01-01';
  return type === 'number' || mode === 'numeric' ? '1' : text;
}
