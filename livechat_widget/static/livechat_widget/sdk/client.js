import { makeId } from "./ids.js";
import { Session } from "./session.js";
import { State } from "./states.js";
import { Uploads } from "./upload.js";
import { toWire } from "./wire.js";

/** @typedef {import("./requests.js").AskOptions} AskOptions */
/** @typedef {import("./session.js").SessionOptions} SessionOptions */
/** @typedef {import("./upload.js").UploadOptions} UploadOptions */
/** @typedef {Record<string, any>} Details camelCase, as the wire's payload otherwise */
/** @import { Chat, ChatsPage, Customer, DeactivateChat, GetChat, IncomingChat, IncomingEvent, ListChats } from "./protocol.js" */
/** @import { ListThreads, MarkEventsAsSeen, SendEvent, SendSneakPeek, ThreadsPage, UpdateCustomer, UpdateCustomerPage } from "./protocol.js" */

export { LivechatError } from "./errors.js";
export { State } from "./states.js";

/**
 * The customer's side of a chat. Every method answers with a Promise, rejected with a
 * `LivechatError`, and takes `{ signal }` last.
 *
 * What adds something to the chat is given a `customId`, by which the server knows it again: losing
 * the line while it is under way neither loses nor doubles it.
 *
 * @example
 * const url = "wss://example.com/livechat/v3.5/customer/rtm/ws?organization_id=…";
 * const client = new Client({ url, token });
 * client.on("incoming_event", ({ event }) => console.log(event.text));
 * client.connect();
 * const events = [{ type: "message", text: "Hi" }];
 * const { chat } = await client.startChat({ chat: { thread: { events } } });
 */
export class Client extends Session {
  #uploads;

  /** @param {SessionOptions & { XMLHttpRequest?: typeof globalThis.XMLHttpRequest }} options */
  constructor({ XMLHttpRequest, ...options }) {
    super(options);
    this.#uploads = new Uploads({ ...options, XMLHttpRequest });
  }

  /** @override */
  destroy() {
    this.#uploads.end();
    super.destroy();
  }

  /**
   * @param {Details} [details] active?, continuous?, chat? {access?, properties?, thread?}
   * @param {AskOptions} [options]
   * @returns {Promise<IncomingChat>}
   */
  startChat(details = {}, options = {}) {
    return this.#openChat("start_chat", details, options);
  }

  /**
   * @param {Details} details as for `startChat`; `chat.id` says which
   * @param {AskOptions} [options]
   * @returns {Promise<IncomingChat>}
   */
  resumeChat(details, options = {}) {
    return this.#openChat("resume_chat", details, options);
  }

  /**
   * @param {DeactivateChat} details
   * @param {AskOptions} [options]
   */
  deactivateChat({ id }, options = {}) {
    return this.done("deactivate_chat", { id }, options);
  }

  /**
   * @param {SendEvent} details
   * @param {AskOptions} [options]
   * @returns {Promise<IncomingEvent["event"]>} as it was stored
   */
  async sendEvent({ event, ...details }, options = {}) {
    const payload = toWire({ ...details, event: named(event) });
    const settled = { ...options, settledBy: "incoming_event" };
    return (await this.request("send_event", payload, settled)).event;
  }

  /**
   * Upload a file, to be sent as an event of the type `file` with the `url` of the answer.
   *
   * @param {{ file: Blob, name?: string }} details
   * @param {UploadOptions} [options]
   * @returns {Promise<{ url: string }>}
   */
  uploadFile({ file, name }, options = {}) {
    return this.#uploads.send(file, { ...options, name });
  }

  /**
   * @param {ListChats} [details]
   * @param {AskOptions} [options]
   * @returns {Promise<ChatsPage>}
   */
  listChats(details = {}, options = {}) {
    return this.request("list_chats", toWire(details), options);
  }

  /**
   * @param {ListThreads} details
   * @param {AskOptions} [options]
   * @returns {Promise<ThreadsPage>}
   */
  listThreads(details, options = {}) {
    return this.request("list_threads", toWire(details), options);
  }

  /**
   * @param {GetChat} details without a thread, the last one
   * @param {AskOptions} [options]
   * @returns {Promise<Chat>}
   */
  getChat(details, options = {}) {
    return this.request("get_chat", toWire(details), options);
  }

  /**
   * @param {AskOptions} [options]
   * @returns {Promise<Customer>} with statistics
   */
  getCustomer(options = {}) {
    return this.request("get_customer", {}, options);
  }

  /**
   * @param {UpdateCustomer} details
   * @param {AskOptions} [options]
   */
  updateCustomer(details, options = {}) {
    return this.done("update_customer", toWire(details), options);
  }

  /**
   * @param {MarkEventsAsSeen} details
   * @param {AskOptions} [options]
   */
  markEventsAsSeen(details, options = {}) {
    return this.done("mark_events_as_seen", toWire(details), options);
  }

  /** @param {UpdateCustomerPage} page where the customer is now */
  updateCustomerPage(page) {
    this.#mention("update_customer_page", page);
  }

  /** @param {SendSneakPeek} details what is in the composer */
  setSneakPeek(details) {
    this.#mention("send_sneak_peek", details);
  }

  /**
   * Ask for something whose answer is only that it was done.
   *
   * @param {string} action
   * @param {Details} payload as on the wire
   * @param {AskOptions} options
   */
  async done(action, payload, options) {
    await this.request(action, payload, options);
    return { success: true };
  }

  /**
   * @param {string} action
   * @param {Details} details
   * @param {AskOptions} options
   */
  #openChat(action, { active = true, chat = {}, ...details }, options) {
    const thread = chat.thread && { ...chat.thread, events: chat.thread.events?.map(named) };
    const payload = toWire({ ...details, active, chat: { ...chat, thread } });
    return this.request(action, payload, { ...options, settledBy: "incoming_chat" });
  }

  /**
   * Say what is of interest only now: not at all while the line is down.
   *
   * @param {string} action
   * @param {Details} details
   */
  #mention(action, details) {
    if (this.state !== State.open) return;
    this.request(action, toWire(details)).catch(() => {});
  }
}

/**
 * @param {Details} event
 * @returns {Details}
 */
function named(event) {
  return { ...event, customId: event.customId ?? makeId() };
}
