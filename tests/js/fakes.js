/** A clock that stands still until it is told how much time passes. */
export class FakeClock {
  now = 0;
  #next = 1;
  #timers = new Map();

  setTimeout = (act, milliseconds) => {
    this.#timers.set(this.#next, { act, at: this.now + milliseconds });
    return this.#next++;
  };

  clearTimeout = (timer) => {
    this.#timers.delete(timer);
  };

  get waiting() {
    return this.#timers.size;
  }

  /** Let time pass; promises get their turn after each timer. */
  async advance(milliseconds) {
    const end = this.now + milliseconds;
    await turn();
    for (let due; (due = this.#due(end)); await turn()) {
      this.#timers.delete(due.id);
      this.now = due.at;
      due.act();
    }
    this.now = end;
  }

  #due(end) {
    const due = [...this.#timers].map(([id, timer]) => ({ id, ...timer })).filter(({ at }) => at <= end);
    return due.sort((one, other) => one.at - other.at || one.id - other.id)[0];
  }
}

/** Let everything that waits for a promise go on. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A network: hands out sockets that do only what the test says. */
export function fakeNetwork() {
  class FakeSocket {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSED = 3;
    static all = [];
    static get last() {
      return FakeSocket.all.at(-1);
    }

    readyState = FakeSocket.CONNECTING;
    sent = [];

    constructor(url) {
      this.url = url;
      FakeSocket.all.push(this);
    }

    send(text) {
      this.sent.push(JSON.parse(text));
    }

    close() {
      this.readyState = FakeSocket.CLOSED;
    }

    /** The frames sent with this action. */
    asked(action) {
      return this.sent.filter((frame) => frame.action === action);
    }

    async open() {
      this.readyState = FakeSocket.OPEN;
      this.onopen?.({});
      await turn();
    }

    async receive(frame) {
      this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
      await turn();
    }

    async answer(request, payload = {}, success = true) {
      const { request_id, action } = request;
      await this.receive({ request_id, action, type: "response", success, payload });
    }

    async fall(code = 1006) {
      this.readyState = FakeSocket.CLOSED;
      this.onclose?.({ code });
      await turn();
    }
  }
  return FakeSocket;
}

/** A page whose events the test calls. */
export function fakePage() {
  const page = { watched: false };
  page.watchPage = (watcher) => {
    Object.assign(page, watcher, { watched: true });
    return () => (page.watched = false);
  };
  return page;
}
