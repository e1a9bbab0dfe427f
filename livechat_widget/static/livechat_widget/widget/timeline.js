const GROUP_WITHIN = 5 * 60_000;

/**
 * Give a list of events what only the reader's browser knows: hours and days in its own time, and
 * which messages follow each other. Events that came twice stay once.
 *
 * @param {HTMLElement} list
 * @param {string} language
 */
export function arrange(list, language) {
  const clock = new Intl.DateTimeFormat(locale(language), { timeStyle: "short" });
  dropDoubles(list);
  /** @type {HTMLElement | null} */
  let previous = null;
  for (const event of eventsOf(list)) {
    tellTime(event, clock);
    dropDay(event.previousElementSibling);
    if (day(event) !== day(previous)) drawDay(event, language);
    const follows = previous !== null && belongTogether(previous, event);
    event.toggleAttribute("data-follows", follows);
    previous?.toggleAttribute("data-followed", follows);
    previous = event;
  }
}

/**
 * Say "Seen" under the last message of `kind` that the other side has seen.
 *
 * @param {HTMLElement} list
 * @param {string} kind
 * @param {string} seenUpTo
 */
export function markSeen(list, kind, seenUpTo) {
  const own = eventsOf(list).filter(({ dataset }) => dataset.kind === kind);
  const last = own.filter((event) => timeOf(event) <= seenUpTo).at(-1);
  for (const event of own) {
    const mark = event.querySelector(".lc-event__seen");
    mark?.toggleAttribute("hidden", event !== last);
  }
}

/**
 * @param {HTMLElement} list
 * @param {string} kind
 * @param {string} after
 * @returns {string[]} the times of later messages of `kind`, in order
 */
export function timesAfter(list, kind, after) {
  const events = eventsOf(list).filter(({ dataset }) => dataset.kind === kind);
  return events.map(timeOf).filter((time) => time > after);
}

/**
 * @param {HTMLElement} list
 * @returns {HTMLElement[]}
 */
export function eventsOf(list) {
  return [...list.querySelectorAll(":scope > [data-created-at]")].map(
    (event) => /** @type {HTMLElement} */ (event),
  );
}

/** @param {HTMLElement} list */
function dropDoubles(list) {
  const known = new Set();
  // A chat that is drawn late may hold an event whose own push is still to come.
  for (const event of eventsOf(list)) {
    if (known.has(event.id)) event.remove();
    known.add(event.id);
  }
}

/**
 * @param {HTMLElement} event
 * @param {Intl.DateTimeFormat} clock
 */
function tellTime(event, clock) {
  const time = event.querySelector("time");
  if (!time || time.textContent) return;
  const moment = new Date(timeOf(event));
  time.textContent = clock.format(moment);
  time.title = moment.toLocaleString(clock.resolvedOptions().locale);
}

/** @param {Element | null} line what was the first of its day may be so no longer */
function dropDay(line) {
  if (line instanceof HTMLElement && line.dataset.day) line.remove();
}

/**
 * @param {HTMLElement} event the first of its day
 * @param {string} language
 */
function drawDay(event, language) {
  const line = document.createElement("li");
  line.className = "lc-day";
  line.dataset.day = day(event);
  line.textContent = nameOfDay(new Date(timeOf(event)), language);
  event.before(line);
}

/**
 * @param {Date} date
 * @param {string} language
 */
function nameOfDay(date, language) {
  const midnight = new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
  if (days >= -1 && days <= 0) {
    return new Intl.RelativeTimeFormat(locale(language), { numeric: "auto" }).format(days, "day");
  }
  return new Intl.DateTimeFormat(locale(language), { dateStyle: "full" }).format(date);
}

/**
 * @param {HTMLElement} one
 * @param {HTMLElement} next
 */
function belongTogether(one, next) {
  const apart = Date.parse(timeOf(next)) - Date.parse(timeOf(one));
  const { author, kind } = next.dataset;
  const same = one.dataset.author === author && one.dataset.kind === kind && kind !== "system";
  return same && apart < GROUP_WITHIN && day(one) === day(next);
}

/** @param {HTMLElement | null} event */
function day(event) {
  return event ? new Date(timeOf(event)).toDateString() : "";
}

/** @param {HTMLElement} event */
function timeOf(event) {
  return event.dataset.createdAt ?? "";
}

/**
 * @param {string} language
 * @returns {string | undefined} the browser's own where the site's code for it is of its own making
 */
function locale(language) {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
