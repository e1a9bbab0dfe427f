/**
 * What most visits do without: fetched when it is needed, once, with the sheet that goes with it.
 *
 * @param {string} script the address of a module
 * @param {HTMLLinkElement} sheet disabled until then
 * @returns {() => Promise<any>} the module; rejected while it cannot be had
 */
export function late(script, sheet) {
  /** @type {Promise<any> | undefined} */
  let module;
  return () => {
    module ??= Promise.all([import(script), enable(sheet)]).then(([module]) => module);
    module.catch(() => (module = undefined));
    return module;
  };
}

/** @param {HTMLLinkElement} sheet */
function enable(sheet) {
  if (!sheet.disabled) return Promise.resolve();
  return new Promise((resolve) => {
    // Without it things look plain, but they work.
    sheet.onload = sheet.onerror = resolve;
    sheet.disabled = false;
  });
}
