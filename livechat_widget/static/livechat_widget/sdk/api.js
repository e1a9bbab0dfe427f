import { Client } from "./client.js";
import { LivechatError } from "./errors.js";
import { toWire } from "./wire.js";

/** @typedef {import("./requests.js").AskOptions} AskOptions */
/** @import { AcceptGreeting, CancelGreeting, FormFound, GetForm, GetPredictedAgent, GetUrlInfo, ListGroupStatuses } from "./protocol.js" */
/** @import { PredictedAgent, SendRichMessagePostback, SetCustomerSessionFields, Thread, UrlInfo } from "./protocol.js" */
/** @import { DeleteChatProperties, DeleteEventProperties, DeleteThreadProperties } from "./protocol.js" */
/** @import { UpdateChatProperties, UpdateEventProperties, UpdateThreadProperties } from "./protocol.js" */

export { LivechatError } from "./errors.js";
export { State } from "./states.js";

const EVENTS_PER_PAGE = 25;

/**
 * A `Client` with all that the protocol has: also what the widget, which should load fast, does
 * without.
 *
 * @example
 * for await (const { threads } of client.getChatHistory({ chatId })) show(threads);
 */
export class ApiClient extends Client {
  /**
   * Page by page, older each time; within a page threads are in the order in which they began.
   *
   * @param {{ chatId: string }} details
   * @param {AskOptions} [options]
   * @returns {AsyncGenerator<{ threads: Thread[] }, void>}
   */
  async *getChatHistory({ chatId }, options = {}) {
    /** @type {import("./protocol.js").ListThreads | undefined} */
    let page = { chatId, minEventsCount: EVENTS_PER_PAGE };
    while (page) {
      const { threads, nextPageId } = await this.listThreads(page, options);
      yield { threads: [...threads].reverse() };
      page = nextPageId ? { chatId, pageId: nextPageId } : undefined;
    }
  }

  /**
   * Of the last thread.
   *
   * @param {{ chatId: string, rating: { score: 0 | 1, comment?: string } }} details
   * @param {AskOptions} [options] rejected with `MISSING_CHAT_THREAD` where there is none
   */
  async rateChat({ chatId, rating }, options = {}) {
    const threadId = await this.#findLastThread(chatId, options);
    return this.updateThreadProperties({ chatId, threadId, properties: { rating } }, options);
  }

  /**
   * @param {{ chatId: string, properties?: string[] }} details which parts of the rating
   * @param {AskOptions} [options]
   */
  async cancelRate({ chatId, properties = ["score"] }, options = {}) {
    const threadId = await this.#findLastThread(chatId, options);
    const names = { rating: properties };
    return this.deleteThreadProperties({ chatId, threadId, properties: names }, options);
  }

  /**
   * @param {SendRichMessagePostback} details
   * @param {AskOptions} [options]
   */
  sendRichMessagePostback(details, options = {}) {
    return this.done("send_rich_message_postback", toWire(details), options);
  }

  /**
   * @param {SetCustomerSessionFields} details
   * @param {AskOptions} [options]
   */
  setCustomerSessionFields(details, options = {}) {
    return this.done("set_customer_session_fields", toWire(details), options);
  }

  /**
   * @param {AcceptGreeting} details
   * @param {AskOptions} [options]
   */
  acceptGreeting(details, options = {}) {
    return this.done("accept_greeting", toWire(details), options);
  }

  /**
   * @param {CancelGreeting} details
   * @param {AskOptions} [options]
   */
  cancelGreeting(details, options = {}) {
    return this.done("cancel_greeting", toWire(details), options);
  }

  /**
   * @param {GetForm} details
   * @param {AskOptions} [options]
   * @returns {Promise<FormFound>}
   */
  getForm(details, options = {}) {
    return this.request("get_form", toWire(details), options);
  }

  /**
   * @param {GetPredictedAgent} [details]
   * @param {AskOptions} [options]
   * @returns {Promise<PredictedAgent>}
   */
  getPredictedAgent(details = {}, options = {}) {
    return this.request("get_predicted_agent", toWire(details), options);
  }

  /**
   * What stands at an address; rejected with `NOT_FOUND` where the site does not look.
   *
   * @param {GetUrlInfo} details
   * @param {AskOptions} [options]
   * @returns {Promise<UrlInfo>}
   */
  getUrlInfo(details, options = {}) {
    return this.request("get_url_info", toWire(details), options);
  }

  /**
   * @param {Pick<ListGroupStatuses, "groupIds">} [details] all groups where none are named
   * @param {AskOptions} [options]
   * @returns {Promise<Record<string, string>>} by the group's id
   */
  async listGroupStatuses({ groupIds } = {}, options = {}) {
    const payload = groupIds ? { group_ids: groupIds } : { all: true };
    return (await this.request("list_group_statuses", payload, options)).groupsStatus;
  }

  /**
   * @param {UpdateChatProperties} details
   * @param {AskOptions} [options]
   */
  updateChatProperties(details, options = {}) {
    return this.done("update_chat_properties", toWire(details), options);
  }

  /**
   * @param {DeleteChatProperties} details
   * @param {AskOptions} [options]
   */
  deleteChatProperties(details, options = {}) {
    return this.done("delete_chat_properties", toWire(details), options);
  }

  /**
   * @param {UpdateThreadProperties} details
   * @param {AskOptions} [options]
   */
  updateThreadProperties(details, options = {}) {
    return this.done("update_thread_properties", toWire(details), options);
  }

  /**
   * @param {DeleteThreadProperties} details
   * @param {AskOptions} [options]
   */
  deleteThreadProperties(details, options = {}) {
    return this.done("delete_thread_properties", toWire(details), options);
  }

  /**
   * @param {UpdateEventProperties} details
   * @param {AskOptions} [options]
   */
  updateEventProperties(details, options = {}) {
    return this.done("update_event_properties", toWire(details), options);
  }

  /**
   * @param {DeleteEventProperties} details
   * @param {AskOptions} [options]
   */
  deleteEventProperties(details, options = {}) {
    return this.done("delete_event_properties", toWire(details), options);
  }

  /**
   * @param {string} chatId
   * @param {AskOptions} options
   */
  async #findLastThread(chatId, options) {
    const { threads } = await this.listThreads({ chatId, limit: 1 }, options);
    if (threads.length) return threads[0].id;
    throw new LivechatError("MISSING_CHAT_THREAD", "This chat has no thread yet; start one.");
  }
}
