const KEY = "livechat-drafts";

/**
 * What is being written, kept in this tab over reloads; never for anybody but its writer.
 *
 * @example
 * const drafts = new Drafts(customerId);
 * drafts.write("text", "Hel");
 * drafts.read("text"); // after a reload
 */
export class Drafts {
  #owner;
  #storage;
  /** @type {Record<string, any>} */
  #kept = {};

  /**
   * @param {string} owner
   * @param {() => Storage} [storage] it throws where the browser allows none
   */
  constructor(owner, storage = () => sessionStorage) {
    this.#owner = owner;
    this.#storage = storage;
    this.#load();
  }

  /** @param {string} name */
  read(name) {
    return this.#kept[name];
  }

  /**
   * @param {string} name
   * @param {any} value fit for JSON; what is empty is forgotten
   */
  write(name, value) {
    if (value) this.#kept[name] = value;
    else delete this.#kept[name];
    this.#save();
  }

  #load() {
    try {
      const { owner, ...kept } = JSON.parse(this.#storage().getItem(KEY) ?? "{}");
      if (owner === this.#owner) this.#kept = kept;
    } catch {
      // Nothing is kept then.
    }
  }

  #save() {
    try {
      const all = JSON.stringify({ owner: this.#owner, ...this.#kept });
      if (Object.keys(this.#kept).length) this.#storage().setItem(KEY, all);
      else this.#storage().removeItem(KEY);
    } catch {
      // A browser without storage, or with a full one: it lasts as long as the page.
    }
  }
}
