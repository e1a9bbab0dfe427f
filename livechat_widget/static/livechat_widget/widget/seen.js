/**
 * What the visitor has seen, and how much not. Marks go up only while somebody looks.
 *
 * @example
 * const seen = new Seen({ upTo, unseen: (after) => times, post, counted: setBadge });
 * seen.look(document.visibilityState === "visible");
 */
export class Seen {
  #upTo;
  #looking = false;
  #posting = false;
  #unseen;
  #post;
  #counted;

  /**
   * @param {{
   *   upTo: string,
   *   unseen: (after: string) => string[],
   *   post: (seenUpTo: string) => Promise<{ ok: boolean }>,
   *   counted: (unread: number) => void,
   * }} options `unseen`: the times of the other side's messages after a time, in order
   */
  constructor({ upTo, unseen, post, counted }) {
    this.#upTo = upTo;
    this.#unseen = unseen;
    this.#post = post;
    this.#counted = counted;
  }

  /** @param {boolean} looking */
  look(looking) {
    this.#looking = looking;
    this.update();
  }

  /** @param {string} upTo seen in another tab */
  move(upTo) {
    if (upTo > this.#upTo) this.#upTo = upTo;
    this.update();
  }

  /** Something may have come. */
  update() {
    const unseen = this.#unseen(this.#upTo);
    this.#counted(this.#looking ? 0 : unseen.length);
    if (this.#looking && unseen.length) this.#mark(unseen[unseen.length - 1]);
  }

  /** @param {string} upTo */
  async #mark(upTo) {
    if (this.#posting) return;
    this.#posting = true;
    const { ok } = await this.#post(upTo);
    this.#posting = false;
    // What could not be marked is marked with the next message or the next look.
    if (ok) this.move(upTo);
  }
}
