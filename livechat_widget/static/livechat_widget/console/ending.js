/**
 * Ask whether a chat is to be ended. Enter says yes, Escape says no, and the focus goes back to where
 * it was.
 *
 * @param {HTMLDialogElement} dialog
 * @param {string} name whose chat it is
 * @returns {Promise<boolean>}
 */
export function confirmEnding(dialog, name) {
  const place = dialog.querySelector(".lc-dialog__name");
  if (place) place.textContent = name;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "end"), { once: true });
  });
}
