// Leads what a scanner sends to where it belongs. A scanner is a keyboard that types fast, begins
// with "=" or "&" and ends with Enter. Pages are complete without it.
(() => {
  "use strict";
  // The page's own field, where it has one, even before the browser has put the focus there; else
  // the scan field of every page, as "/" always does.
  const everywhere = document.getElementById("scan");
  const own = () => {
    const all = document.querySelectorAll("main [autofocus], main [data-scan]");
    return [...all].find((field) => field.checkVisibility());
  };
  const takesText =
    "input:not([type=checkbox], [type=radio], [type=range], [type=submit]), textarea";

  // A line is said anew, and so is the one bag of a field that holds one; a list is gone on with.
  const ready = (field) => {
    const said = field.value ?? "";
    const isOne = field.dataset.scan === "unit";
    if (!field.matches("textarea") || (isOne && said.includes("=<"))) return field.select?.();
    if (said && !said.endsWith("\n") && !isOne) field.value += "\n";
    field.setSelectionRange(field.value.length, field.value.length);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A box that was just ticked has the focus, and takes no text.
    if (event.target.closest(`${takesText}, [contenteditable]`)) return;
    const field = event.key === "/" ? everywhere : own() || everywhere;
    // In a list of choices, figures and letters choose.
    const isPlain = field !== own() || event.target.closest("select");
    const begins = isPlain ? /^[/=&\]]$/ : /^[=&\]0-9]$/;
    if (!field || !begins.test(event.key)) return;
    if (event.key === "/") event.preventDefault();
    field.focus();
    ready(field);
  });

  // The browser puts the focus before what stands in a field already.
  const first = own();
  if (first?.matches("textarea, input[type=text]") && first.value) ready(first);

  // In a line of a form, Enter leads to the next field that is still empty; where one unit is
  // scanned, the form is sent when number and product are there.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || !field.form || field.form.method !== "post") return;
    const said = field.value.trim();
    if (field.dataset.scan === "unit") {
      if (!/^=[A-Z1-9]\d{4}/.test(said) || !said.includes("=<")) return;
      event.preventDefault();
      field.form.requestSubmit();
    } else if (field.matches('input[type="text"]') && /^[=&]/.test(said)) {
      const all = [...field.form.elements].filter((one) => one.matches("input, select, textarea"));
      const after = all.slice(all.indexOf(field) + 1);
      const next = after.find((one) => one.type !== "hidden" && one.value === "");
      if (!next) return;
      event.preventDefault();
      next.focus();
    }
  });
})();
