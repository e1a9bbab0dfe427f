/**
 * What the protocol's payloads are in JavaScript; `wire.js` turns one into the other.
 * Made by: python manage.py livechat_protocol jsdoc
 */

/**
 * @typedef {object} AcceptGreeting The customer takes a greeting up: `greeting_id` is its template's.
 * @property {number} greetingId
 * @property {string} uniqueId
 */

/**
 * @typedef {object} Access The groups whose agents see it; 0 means all of them.
 * @property {Array<number>} groupIds
 */

/** @typedef {Record<string, never>} ActivateCustomerPage The customer's page is in front of the others now. */

/**
 * @typedef {object} Address
 * @property {string} [address]
 * @property {string} [city]
 * @property {string} [state]
 * @property {string} [postalCode]
 * @property {string} [country]
 */

/**
 * @typedef {object} Agent An agent as a chat user; `id` is opaque for customers, the login for agents.
 * @property {"agent"} type
 * @property {string} id
 * @property {string} name
 * @property {string} avatar
 * @property {string} jobTitle
 * @property {boolean} present
 * @property {string} [eventsSeenUpTo]
 */

/**
 * @typedef {object} Button Without a type it is a plain one, which is only pressed and released. `user_ids` are those who pressed it: kept by the server, whatever a sender puts there.
 * @property {string} text
 * @property {string} postbackId
 * @property {"cancel" | "message" | "phone" | "url" | "webview"} [type]
 * @property {string} [value]
 * @property {"danger" | "default" | "primary"} [role]
 * @property {"current" | "new"} [target]
 * @property {"compact" | "full" | "tall"} [webviewHeight]
 * @property {Array<string>} [userIds]
 */

/**
 * @typedef {object} CancelGreeting The customer closes a greeting.
 * @property {string} uniqueId
 */

/**
 * @typedef {object} Chat A chat with one of its threads.
 * @property {string} id
 * @property {Array<Customer | Agent>} users
 * @property {Access} access
 * @property {Record<string, Record<string, any>>} properties
 * @property {Thread | null} thread
 */

/**
 * @typedef {object} ChatDeactivated The active thread ended; `user_id` is who ended it.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} [userId]
 */

/**
 * @typedef {object} ChatPropertiesDeleted Properties of the chat were deleted: those that the reader could see.
 * @property {string} chatId
 * @property {Record<string, Array<string>>} properties
 */

/**
 * @typedef {object} ChatPropertiesUpdated Properties of the chat were written: what changed, and the reader may see.
 * @property {string} chatId
 * @property {Record<string, Record<string, any>>} properties
 */

/**
 * @typedef {object} ChatResumed
 * @property {string} threadId
 * @property {Array<string>} [eventIds]
 */

/**
 * @typedef {object} ChatStarted `event_ids`: of the first events, in order.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Array<string>} [eventIds]
 */

/**
 * @typedef {object} ChatState
 * @property {string} chatId
 * @property {boolean} hasUnreadEvents
 * @property {boolean} hasActiveThread
 */

/**
 * @typedef {object} ChatSummary A chat in a list, with the last event of each type.
 * @property {string} id
 * @property {boolean} active
 * @property {Array<Customer | Agent>} users
 * @property {Access} access
 * @property {Record<string, Record<string, any>>} properties
 * @property {string} [lastThreadId] up to 3.6
 * @property {string} [lastThreadCreatedAt] up to 3.6
 * @property {Record<string, LastEvent>} [lastEventPerType] up to 3.6
 * @property {LastThread} [lastThreadInfo] in 3.7 only
 */

/**
 * @typedef {object} ChatsPage
 * @property {Array<ChatSummary>} [chatsSummary] up to 3.6
 * @property {Array<ChatSummary>} [chatsInfo] in 3.7 only
 * @property {number} totalChats
 */

/**
 * @typedef {object} Checkbox
 * @property {"checkbox"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 * @property {Array<Option>} options
 */

/**
 * @typedef {object} CheckboxForEmail A box to be ticked; `checked`: it is beforehand.
 * @property {"checkbox_for_email"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 * @property {boolean} [checked]
 */

/**
 * @typedef {object} Choice One of a field's options, by its id, and with its label.
 * @property {string} id
 * @property {string} label
 */

/**
 * @typedef {object} Cursor Ours: what the client holds already.
 * @property {string} epoch
 * @property {number} seq
 */

/**
 * @typedef {object} Custom Something that programs tell each other.
 * @property {"custom"} type
 * @property {string} id
 * @property {string} [customId]
 * @property {string} createdAt
 * @property {Record<string, Record<string, any>>} [properties]
 * @property {"agents"} [visibility]
 * @property {string} authorId
 * @property {any} [content]
 */

/**
 * @typedef {object} Customer A customer; `statistics` only for the customer itself, `present` only in a chat.
 * @property {"customer"} type
 * @property {string} id
 * @property {string} [name]
 * @property {string} [email]
 * @property {string} [avatar]
 * @property {string} [phoneNumber] from 3.6 on
 * @property {Address} [address] from 3.6 on
 * @property {Omnichannel} [omnichannel] from 3.6 on
 * @property {Record<string, string>} sessionFields
 * @property {Statistics} [statistics]
 * @property {boolean} [present]
 * @property {string} [eventsSeenUpTo]
 */

/**
 * @typedef {object} CustomerDisconnected The server is about to close this connection. `data` where the reason has some.
 * @property {"access_token_expired" | "access_token_revoked" | "connection_evicted" | "connection_timeout" | "customer_banned" | "customer_temporarily_blocked" | "inactivity_timeout" | "internal_error" | "license_expired" | "license_not_found" | "logged_out_remotely" | "misdirected_connection" | "product_version_changed" | "service_temporarily_unavailable" | "too_many_connections" | "too_many_unauthorized_connections" | "unsupported_version"} reason
 * @property {DisconnectionData} [data]
 */

/**
 * @typedef {object} CustomerGroups `monitoring`: the group that the customer is in.
 * @property {OneGroup} monitoring
 */

/**
 * @typedef {object} CustomerPageUpdated The customer is on another page. To agents, who watch many, `customer_id` is told, and whether it is `active`: in front, where a client has said so.
 * @property {string} [customerId]
 * @property {string} url
 * @property {string} [title]
 * @property {string} openedAt
 * @property {boolean} [active] from 3.6 on
 */

/**
 * @typedef {object} CustomerSideStorageUpdated What the client keeps, and gives back with its next login.
 * @property {Record<string, string>} customerSideStorage
 */

/**
 * @typedef {object} CustomerUpdated The customer is another than before in this; only what changed.
 * @property {string} id
 * @property {string} [name]
 * @property {string} [email]
 * @property {string} [avatar]
 * @property {string} [phoneNumber] from 3.6 on
 * @property {Address} [address] from 3.6 on
 * @property {Omnichannel} [omnichannel] from 3.6 on
 * @property {Record<string, string>} [sessionFields]
 */

/**
 * @typedef {object} DeactivateChat End the active thread of this chat.
 * @property {string} id
 */

/** @typedef {Record<string, never>} DeactivateCustomerPage The customer looks at something else now. */

/**
 * @typedef {object} DeleteChatProperties Delete properties of a chat, by their names.
 * @property {string} id
 * @property {Record<string, Array<string>>} properties
 */

/**
 * @typedef {object} DeleteEvent Take back what the customer has sent: it is in no answer and no push any more.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 */

/**
 * @typedef {object} DeleteEventProperties Delete properties of an event, by their names.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 * @property {Record<string, Array<string>>} properties
 */

/**
 * @typedef {object} DeleteThreadProperties Delete properties of a thread, by their names.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Record<string, Array<string>>} properties
 */

/**
 * @typedef {object} DisconnectionData `region`: where the organization is; `timeout`: the seconds until one may come back.
 * @property {string} [region]
 * @property {number} [timeout]
 */

/**
 * @typedef {object} DynamicConfig Published clients find out from it whether somebody is there.
 * @property {Array<number>} onlineGroupsIds
 * @property {CustomerGroups} customerGroups
 */

/**
 * @typedef {object} Ecommerce What of a shop a button stands for.
 * @property {string} productId
 * @property {string} [optionId]
 * @property {number} [quantity]
 */

/**
 * @typedef {object} Element
 * @property {string} [title]
 * @property {string} [subtitle]
 * @property {Image} [image]
 * @property {Array<Button>} [buttons]
 */

/**
 * @typedef {object} Email
 * @property {"email"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 */

/**
 * @typedef {object} EventDeleted An event is gone; its number in the log says the same to who comes later.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 */

/**
 * @typedef {object} EventPropertiesDeleted Properties of an event were deleted: those that the reader could see.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 * @property {Record<string, Array<string>>} properties
 */

/**
 * @typedef {object} EventPropertiesUpdated Properties of an event were written: what changed, and the reader may see.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 * @property {Record<string, Record<string, any>>} properties
 */

/**
 * @typedef {object} EventSent
 * @property {string} eventId
 */

/**
 * @typedef {object} EventUpdated An event says something else than before.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Message | File | FilledForm | Form | SystemMessage | Custom | RichMessage} event
 */

/**
 * @typedef {object} EventsMarkedAsSeen Somebody has read up to there.
 * @property {string} userId
 * @property {string} chatId
 * @property {string} seenUpTo
 */

/**
 * @typedef {object} File An image has `width` and `height`, in pixels; `size` in bytes.
 * @property {"file"} type
 * @property {string} id
 * @property {string} [customId]
 * @property {string} createdAt
 * @property {Record<string, Record<string, any>>} [properties]
 * @property {"agents"} [visibility]
 * @property {string} authorId
 * @property {string} name
 * @property {string} contentType
 * @property {string} url
 * @property {number} [size]
 * @property {number} [width]
 * @property {number} [height]
 * @property {string} [thumbnailUrl]
 * @property {string} [thumbnail2xUrl]
 * @property {string} [alternativeText]
 */

/**
 * @typedef {object} FilledCheckbox
 * @property {"checkbox"} type
 * @property {string} id
 * @property {string} [label]
 * @property {Array<Choice>} [answers]
 */

/**
 * @typedef {object} FilledCheckboxForEmail
 * @property {"checkbox_for_email"} type
 * @property {string} id
 * @property {string} [label]
 * @property {boolean} [answer]
 */

/**
 * @typedef {object} FilledEmail
 * @property {"email"} type
 * @property {string} id
 * @property {string} [label]
 * @property {string} [answer]
 */

/**
 * @typedef {object} FilledForm
 * @property {"filled_form"} type
 * @property {string} id
 * @property {string} [customId]
 * @property {string} createdAt
 * @property {Record<string, Record<string, any>>} [properties]
 * @property {"agents"} [visibility]
 * @property {string} authorId
 * @property {string} formId
 * @property {"postchat" | "prechat" | "ticket"} [formType] from 3.4 on
 * @property {Array<FilledHeader | FilledName | FilledEmail | FilledQuestion | FilledTextarea | FilledSubject | FilledRadio | FilledSelect | FilledCheckbox | FilledCheckboxForEmail | FilledGroupChooser | FilledRating>} fields
 */

/**
 * @typedef {object} FilledGroupChooser
 * @property {"group_chooser"} type
 * @property {string} id
 * @property {string} [label]
 * @property {GroupChoice} [answer]
 */

/**
 * @typedef {object} FilledHeader
 * @property {"header"} type
 * @property {string} id
 * @property {string} [label]
 */

/**
 * @typedef {object} FilledName
 * @property {"name"} type
 * @property {string} id
 * @property {string} [label]
 * @property {string} [answer]
 */

/**
 * @typedef {object} FilledQuestion
 * @property {"question"} type
 * @property {string} id
 * @property {string} [label]
 * @property {string} [answer]
 */

/**
 * @typedef {object} FilledRadio
 * @property {"radio"} type
 * @property {string} id
 * @property {string} [label]
 * @property {Choice} [answer]
 */

/**
 * @typedef {object} FilledRating
 * @property {"rating"} type
 * @property {string} id
 * @property {string} [label]
 */

/**
 * @typedef {object} FilledSelect
 * @property {"select"} type
 * @property {string} id
 * @property {string} [label]
 * @property {Choice} [answer]
 */

/**
 * @typedef {object} FilledSubject
 * @property {"subject"} type
 * @property {string} id
 * @property {string} [label]
 * @property {string} [answer]
 */

/**
 * @typedef {object} FilledTextarea
 * @property {"textarea"} type
 * @property {string} id
 * @property {string} [label]
 * @property {string} [answer]
 */

/**
 * @typedef {object} Form A form to be filled in; without an author where the system asks.
 * @property {"form"} type
 * @property {string} id
 * @property {string} [customId]
 * @property {string} createdAt
 * @property {Record<string, Record<string, any>>} [properties]
 * @property {"agents"} [visibility]
 * @property {string} [authorId]
 * @property {string} formId
 * @property {"postchat" | "prechat" | "ticket"} [formType] from 3.4 on
 * @property {Array<FormField>} fields
 */

/**
 * @typedef {object} FormField A question of a form, as far as a reader of the chat is concerned.
 * @property {string} type
 * @property {string} label
 * @property {string} [id]
 * @property {boolean} [required]
 * @property {Array<Record<string, boolean | number | string>>} [options]
 */

/**
 * @typedef {object} FormFound
 * @property {boolean} enabled
 * @property {GroupForm} [form]
 */

/**
 * @typedef {object} GetChat A chat with the given thread, or its last one.
 * @property {string} chatId
 * @property {string} [threadId]
 */

/** @typedef {Record<string, never>} GetCustomer The customer as it sees itself, with statistics. */

/**
 * @typedef {object} GetForm The form of this type that the group has, or that of the general group.
 * @property {number} groupId
 * @property {"postchat" | "prechat" | "ticket"} type
 */

/**
 * @typedef {object} GetPredictedAgent Who would answer a chat in this group, or in the customer's own.
 * @property {number} [groupId]
 */

/**
 * @typedef {object} GetUrlInfo What a page says of itself, fetched by the server; off unless LINK_PREVIEWS is set.
 * @property {string} url
 */

/**
 * @typedef {object} Goodbye Ours: this process stops as planned; come back after so many milliseconds. The socket closes with 4012.
 * @property {number} reconnectAfterMs
 */

/**
 * @typedef {object} Greeting An invitation. `id` is that of its template, `unique_id` its own; no thread has it.
 * @property {number} id
 * @property {string} uniqueId
 * @property {boolean} displayedFirstTime
 * @property {boolean} accepted
 * @property {string} [addon]
 * @property {string} subtype
 * @property {Message | RichMessage} event
 * @property {Host} agent
 * @property {boolean} [isExitIntent] from 3.5 on
 */

/**
 * @typedef {object} GreetingAccepted The customer took it up.
 * @property {string} uniqueId
 */

/**
 * @typedef {object} GreetingCanceled It is gone: the customer closed it, or another one came.
 * @property {string} uniqueId
 */

/**
 * @typedef {object} GroupChoice
 * @property {string} id
 * @property {number} groupId
 * @property {string} label
 */

/**
 * @typedef {object} GroupChooser
 * @property {"group_chooser"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 * @property {Array<GroupOption>} options
 */

/**
 * @typedef {object} GroupForm Has at least one field: published clients look into the first.
 * @property {string} id
 * @property {Array<Header | Name | Email | Question | Textarea | Subject | Radio | Select | Checkbox | CheckboxForEmail | GroupChooser | Rating>} fields
 */

/**
 * @typedef {object} GroupOption
 * @property {string} id
 * @property {string} label
 * @property {number} groupId
 */

/**
 * @typedef {object} GroupState
 * @property {number} id
 * @property {"offline" | "online" | "online_for_queue"} status
 */

/**
 * @typedef {object} GroupStatuses By the group's number.
 * @property {Record<string, "offline" | "online" | "online_for_queue">} groupsStatus
 */

/**
 * @typedef {object} GroupsStatusUpdated Only the groups whose status changed, the customer's own first.
 * @property {Array<GroupState>} groups
 */

/**
 * @typedef {object} GroupsUpdate Holds the customer's own group alone: published clients take the first for it.
 * @property {Array<GroupState>} groups
 * @property {"groups_update"} [name]
 */

/**
 * @typedef {object} Header
 * @property {"header"} type
 * @property {string} [id]
 * @property {string} label
 */

/**
 * @typedef {object} Host An agent whom a customer is told of before they share a chat; `id` as with chat users.
 * @property {"agent"} type
 * @property {string} id
 * @property {string} name
 * @property {string} avatar
 * @property {string} jobTitle
 * @property {boolean} [isBot]
 */

/**
 * @typedef {object} Image `size` in bytes, `width` and `height` in pixels.
 * @property {string} url
 * @property {string} [name]
 * @property {string} [alternativeText]
 * @property {string} [contentType]
 * @property {number} [size]
 * @property {number} [width]
 * @property {number} [height]
 */

/**
 * @typedef {object} IncomingChat A chat was started or resumed.
 * @property {string} [requesterId]
 * @property {Chat} chat
 */

/**
 * @typedef {object} IncomingEvent Something was said; also what the system notes.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Message | File | FilledForm | Form | SystemMessage | Custom | RichMessage} event
 */

/**
 * @typedef {object} IncomingEventPreview What is being written, as far as it is; the event itself follows, or does not.
 * @property {string} chatId
 * @property {string} threadId
 * @property {UnsentMessage} event
 */

/**
 * @typedef {object} IncomingGreeting Shown from now on, in place of an earlier one.
 * @property {number} id
 * @property {string} uniqueId
 * @property {boolean} displayedFirstTime
 * @property {boolean} accepted
 * @property {string} [addon]
 * @property {string} subtype
 * @property {Message | RichMessage} event
 * @property {Host} agent
 * @property {boolean} [isExitIntent] from 3.5 on
 */

/**
 * @typedef {object} IncomingMulticast How a changed status is told to clients that do not know `groups_status_updated`.
 * @property {GroupsUpdate} content
 * @property {"lc2"} [type]
 */

/**
 * @typedef {object} IncomingRichMessagePostback Somebody pressed a button of a rich message, or released it.
 * @property {string} userId
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 * @property {Pressed} postback
 */

/**
 * @typedef {object} IncomingSneakPeek What the customer has in the composer; for agents only.
 * @property {string} chatId
 * @property {string} threadId
 * @property {SneakPeek} sneakPeek
 */

/**
 * @typedef {object} IncomingThinkingIndicator Somebody, such as a program, works on an answer. Lapses by itself.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} authorId
 * @property {string} sentAt
 * @property {string} [title]
 * @property {string} [description]
 * @property {string} [customId]
 */

/**
 * @typedef {object} IncomingTypingIndicator Somebody is typing, or stopped.
 * @property {string} chatId
 * @property {string} threadId
 * @property {TypingIndicator} typingIndicator
 */

/**
 * @typedef {object} IncomingWelcomeMessage What `request_welcome_message` asked for, under the same `id`; it is in no chat.
 * @property {string} id
 * @property {UnsentMessage} event
 */

/**
 * @typedef {object} LastEvent
 * @property {string} threadId
 * @property {string} threadCreatedAt
 * @property {Message | File | FilledForm | Form | SystemMessage | Custom | RichMessage} event
 */

/**
 * @typedef {object} LastEventOfThread
 * @property {Message | File | FilledForm | Form | SystemMessage | Custom | RichMessage} event
 */

/**
 * @typedef {object} LastThread The last event of each type may be of an earlier thread.
 * @property {string} id
 * @property {string} createdAt
 * @property {Record<string, LastEventOfThread>} lastEventPerType
 */

/**
 * @typedef {object} ListChats The chats of the customer, who has one at most: there is one page.
 * @property {number} [limit]
 * @property {"asc" | "desc"} [sortOrder]
 * @property {string} [pageId]
 */

/**
 * @typedef {object} ListGroupStatuses Whether somebody is there, in these groups or in `all`; what is not there is left out.
 * @property {boolean} [all]
 * @property {Array<number>} [groupIds]
 */

/**
 * @typedef {object} ListThreads Either a first page by order and size, or a later one by its id alone.
 * @property {string} chatId
 * @property {"asc" | "desc"} [sortOrder]
 * @property {number} [limit]
 * @property {number} [minEventsCount]
 * @property {string} [pageId]
 */

/**
 * @typedef {object} LoggedIn `greeting`: the one that is on the screen. `sync` is ours.
 * @property {string} customerId
 * @property {Customer} customer
 * @property {boolean} hasActiveThread
 * @property {Array<ChatState>} chats
 * @property {Greeting} [greeting]
 * @property {DynamicConfig} _PrivDynamicConfig
 * @property {Sync} sync
 */

/**
 * @typedef {object} Login Who asks, by a token (`Bearer …`). `referrer`: where the page was come from. `pushes`: which ones are wanted, by version; all where it is missing. `fragments` (a language) and `cursor` are ours; other clients leave them out.
 * @property {string} token
 * @property {LoginCustomer | null} [customer]
 * @property {LoginPage | null} [customerPage]
 * @property {Record<string, string> | null} [customerSideStorage]
 * @property {number | null} [groupId]
 * @property {string} [referrer]
 * @property {Record<string, Array<string>> | null} [pushes]
 * @property {string} [fragments]
 * @property {Cursor | null} [cursor]
 */

/**
 * @typedef {object} LoginCustomer
 * @property {string} [name]
 * @property {string} [email]
 * @property {string} [avatar]
 * @property {Address} [address] from 3.6 on
 * @property {Record<string, string>} [sessionFields]
 */

/**
 * @typedef {object} LoginPage
 * @property {string} url
 * @property {string} [title]
 */

/**
 * @typedef {object} MarkEventsAsSeen The customer has read up to `seen_up_to`, the created_at of the last event seen.
 * @property {string} chatId
 * @property {string} seenUpTo
 */

/**
 * @typedef {object} Message Text that somebody wrote. `author_id` is that of the view: see design of agent ids.
 * @property {"message"} type
 * @property {string} id
 * @property {string} [customId]
 * @property {string} createdAt
 * @property {Record<string, Record<string, any>>} [properties]
 * @property {"agents"} [visibility]
 * @property {string} authorId
 * @property {string} text
 * @property {Postback} [postback]
 */

/**
 * @typedef {object} Messenger
 * @property {string} id
 */

/**
 * @typedef {object} Name
 * @property {"name"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 */

/**
 * @typedef {object} NewAccess
 * @property {Array<number>} [groupIds]
 */

/**
 * @typedef {object} NewChat
 * @property {NewAccess | null} [access]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 * @property {NewThread | null} [thread]
 */

/**
 * @typedef {object} NewCustom
 * @property {"custom"} type
 * @property {string} [customId]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 * @property {"agents" | "all"} [recipients]
 * @property {any} [content]
 */

/**
 * @typedef {object} NewFile A file that was uploaded here before.
 * @property {"file"} type
 * @property {string} [customId]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 * @property {"agents" | "all"} [recipients]
 * @property {string} url
 * @property {string} [alternativeText]
 */

/**
 * @typedef {object} NewFilledForm
 * @property {"filled_form"} type
 * @property {string} [customId]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 * @property {"agents" | "all"} [recipients]
 * @property {string} formId
 * @property {Array<FilledHeader | FilledName | FilledEmail | FilledQuestion | FilledTextarea | FilledSubject | FilledRadio | FilledSelect | FilledCheckbox | FilledCheckboxForEmail | FilledGroupChooser | FilledRating>} fields
 */

/**
 * @typedef {object} NewMessage
 * @property {"message"} type
 * @property {string} [customId]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 * @property {"agents" | "all"} [recipients]
 * @property {string} text
 * @property {Postback} [postback]
 */

/**
 * @typedef {object} NewPostback A button, by its postback_id, and whether it is to be on.
 * @property {string} id
 * @property {boolean} [toggled]
 * @property {Ecommerce} [ecommerce] from 3.6 on
 */

/**
 * @typedef {object} NewSystemMessage
 * @property {"system_message"} type
 * @property {string} [customId]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 * @property {"agents" | "all"} [recipients]
 * @property {string} text
 * @property {string} systemMessageType
 */

/**
 * @typedef {object} NewThread
 * @property {Array<NewMessage | NewFile | NewFilledForm | NewSystemMessage | NewCustom>} [events]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 */

/** @typedef {Record<string, never>} Nothing No members: it was done. */

/**
 * @typedef {object} Omnichannel Under which names the customer is known elsewhere; kept, and not used here.
 * @property {Messenger} [fbmessenger]
 * @property {Twilio} [twilio]
 */

/**
 * @typedef {object} OneGroup
 * @property {number} id
 */

/**
 * @typedef {object} Option `checked`: chosen beforehand.
 * @property {string} id
 * @property {string} label
 * @property {boolean} [checked]
 */

/** @typedef {Record<string, never>} Ping Is anybody there? Taken before the login as well. */

/**
 * @typedef {object} Pong Ours: the last number of the customer's log, once logged in.
 * @property {number} [seq]
 */

/**
 * @typedef {object} Postback The button that a message answers; `type` and `value` of it go together.
 * @property {string} id
 * @property {string} threadId
 * @property {string} eventId
 * @property {string} [type]
 * @property {string} [value]
 * @property {Ecommerce} [ecommerce] from 3.6 on
 */

/**
 * @typedef {object} PredictedAgent `queue`: whether a chat would have to wait until an agent gets free.
 * @property {Host} agent
 * @property {boolean} queue
 */

/**
 * @typedef {object} Pressed A button, and whether it is pressed now; its type and value where it has them.
 * @property {string} id
 * @property {boolean} toggled
 * @property {string} [buttonType] from 3.6 on
 * @property {string} [buttonValue] from 3.6 on
 * @property {Ecommerce} [ecommerce] from 3.6 on
 */

/**
 * @typedef {object} Question
 * @property {"question"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 */

/**
 * @typedef {object} Queue A place in the queue, from 1. `wait_time`: an estimate in seconds from now.
 * @property {number} position
 * @property {number} waitTime
 * @property {string} [queuedAt]
 */

/**
 * @typedef {object} QueuePositionUpdated The customer waits at another place, or for another time; without `queued_at`.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Queue} queue
 */

/**
 * @typedef {object} Radio
 * @property {"radio"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 * @property {Array<Option>} options
 */

/**
 * @typedef {object} Rating Answered by the properties `rating` of the thread, not by the filled form.
 * @property {"rating"} type
 * @property {string} [id]
 * @property {string} label
 * @property {false} [required]
 * @property {string} [commentLabel]
 */

/**
 * @typedef {object} RequestWelcomeMessage What the group, or the customer's own, says first: it comes as `incoming_welcome_message`. `id`: under which name; one is drawn where it is missing.
 * @property {string} [id]
 * @property {number} [groupId]
 */

/**
 * @typedef {object} ResumeChat Another thread of a chat that ended. Without `continuous` the chat stays as it was in that.
 * @property {ResumedChat} chat
 * @property {boolean} [active]
 * @property {boolean | null} [continuous]
 */

/**
 * @typedef {object} ResumedChat
 * @property {NewAccess | null} [access]
 * @property {Record<string, Record<string, boolean | number | string>>} [properties]
 * @property {NewThread | null} [thread]
 * @property {string} id
 */

/**
 * @typedef {object} RichMessage
 * @property {"rich_message"} type
 * @property {string} id
 * @property {string} [customId]
 * @property {string} createdAt
 * @property {Record<string, Record<string, any>>} [properties]
 * @property {"agents"} [visibility]
 * @property {string} authorId
 * @property {"cards" | "quick_replies" | "sticker"} templateId
 * @property {Array<Element>} elements
 */

/**
 * @typedef {object} Select
 * @property {"select"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 * @property {Array<Option>} options
 */

/**
 * @typedef {object} SendEvent Say something; `attach_to_last_thread` also takes an event for a chat that ended.
 * @property {string} chatId
 * @property {NewMessage | NewFile | NewFilledForm | NewSystemMessage | NewCustom} event
 * @property {boolean} [attachToLastThread]
 */

/**
 * @typedef {object} SendGreetingButtonClicked The customer presses a button of a greeting; `button_id` is its postback_id.
 * @property {string} greetingUniqueId
 * @property {string} buttonId
 */

/**
 * @typedef {object} SendRichMessagePostback Press a button of a rich message, or release it: it then holds the customer's id, or not. The thread has to be active. A second time changes nothing.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 * @property {NewPostback} postback
 */

/**
 * @typedef {object} SendSneakPeek What the customer has in the composer, for agents to see.
 * @property {string} chatId
 * @property {string} sneakPeekText
 */

/**
 * @typedef {object} SetCustomerSessionFields They take the place of those that were there.
 * @property {Record<string, string>} sessionFields
 */

/**
 * @typedef {object} SneakPeek What a customer has in the composer. `timestamp` in Unix seconds.
 * @property {string} authorId
 * @property {string} text
 * @property {number} timestamp
 */

/**
 * @typedef {object} StartChat The customer's first thread: its group, its first events. Without `continuous` it is refused while nobody accepts chats.
 * @property {NewChat | null} [chat]
 * @property {boolean} [active]
 * @property {boolean} [continuous]
 */

/**
 * @typedef {object} Statistics Counts since the customer's first visit; published clients need all six.
 * @property {number} chatsCount
 * @property {number} threadsCount
 * @property {number} visitsCount
 * @property {number} pageViewsCount
 * @property {number} greetingsShownCount
 * @property {number} greetingsAcceptedCount
 */

/**
 * @typedef {object} Subject
 * @property {"subject"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 */

/**
 * @typedef {object} Sync Ours: where the stream is; what a `Cursor` starts from.
 * @property {string} epoch
 * @property {number} seq
 */

/** @typedef {Record<string, never>} SyncReset Ours: the cursor cannot be served from the log; read the chat afresh. */

/**
 * @typedef {object} SystemMessage What the system, or a program of the customer's, noted; it has no author.
 * @property {"system_message"} type
 * @property {string} id
 * @property {string} [customId]
 * @property {string} createdAt
 * @property {Record<string, Record<string, any>>} [properties]
 * @property {"agents"} [visibility]
 * @property {string} text
 * @property {string} systemMessageType
 * @property {Record<string, string>} [textVars]
 */

/**
 * @typedef {object} Textarea
 * @property {"textarea"} type
 * @property {string} [id]
 * @property {string} label
 * @property {boolean} [required]
 */

/**
 * @typedef {object} Thread One sitting. `events` in order; an unanswered active thread has nobody but the customer. `queue` while it waits for an agent to get free.
 * @property {string} id
 * @property {boolean} active
 * @property {string} createdAt
 * @property {Array<string>} userIds
 * @property {Array<Message | File | FilledForm | Form | SystemMessage | Custom | RichMessage>} events
 * @property {Record<string, Record<string, any>>} properties
 * @property {Access} access
 * @property {Queue} [queue]
 * @property {string} [previousThreadId]
 * @property {string} [nextThreadId]
 */

/**
 * @typedef {object} ThreadPropertiesDeleted Properties of a thread were deleted: those that the reader could see.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Record<string, Array<string>>} properties
 */

/**
 * @typedef {object} ThreadPropertiesUpdated Properties of a thread were written: what changed, and the reader may see.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Record<string, Record<string, any>>} properties
 */

/**
 * @typedef {object} ThreadsPage `found_threads`: how many there are on all pages.
 * @property {Array<Thread>} threads
 * @property {number} foundThreads
 * @property {string} [nextPageId]
 * @property {string} [previousPageId]
 */

/**
 * @typedef {object} Twilio
 * @property {string} phoneNumber
 */

/**
 * @typedef {object} TypingIndicator Lapses by itself after ten seconds. `timestamp` in Unix seconds.
 * @property {string} authorId
 * @property {boolean} isTyping
 * @property {number} timestamp
 * @property {"all"} [recipients]
 */

/**
 * @typedef {object} UnsentMessage What nobody has sent, and so has no `id`: a preview, or a welcome.
 * @property {"message"} type
 * @property {string} authorId
 * @property {string} createdAt
 * @property {string} text
 * @property {Record<string, Record<string, any>>} [properties]
 */

/**
 * @typedef {object} UpdateChatProperties Write properties of a chat; the others stay as they are.
 * @property {string} id
 * @property {Record<string, Record<string, boolean | number | string>>} properties
 */

/**
 * @typedef {object} UpdateCustomer What the customer says of itself: at least one of these. Of a known customer, name, e-mail and avatar stay as the site has them.
 * @property {string} [name]
 * @property {string} [email]
 * @property {string} [avatar]
 * @property {string} [phoneNumber] from 3.6 on
 * @property {Address} [address] from 3.6 on
 * @property {Omnichannel} [omnichannel] from 3.6 on
 * @property {Record<string, string>} [sessionFields]
 */

/**
 * @typedef {object} UpdateCustomerPage The page that the customer is on now.
 * @property {string} url
 * @property {string} [title]
 */

/**
 * @typedef {object} UpdateEventProperties Write properties of an event; the others stay as they are.
 * @property {string} chatId
 * @property {string} threadId
 * @property {string} eventId
 * @property {Record<string, Record<string, boolean | number | string>>} properties
 */

/**
 * @typedef {object} UpdateThreadProperties Write properties of a thread; the others stay as they are.
 * @property {string} chatId
 * @property {string} threadId
 * @property {Record<string, Record<string, boolean | number | string>>} properties
 */

/**
 * @typedef {object} UrlInfo `image_url` has no scheme, which clients put before it; `image_original_url` is whole.
 * @property {string} url
 * @property {string} [title]
 * @property {string} [description]
 * @property {string} [imageUrl]
 * @property {string} [imageOriginalUrl]
 * @property {number} [imageWidth]
 * @property {number} [imageHeight]
 */

/**
 * @typedef {object} UserAddedToChat An agent came.
 * @property {string} chatId
 * @property {string} [threadId]
 * @property {Customer | Agent} user
 * @property {string} reason
 * @property {string} [requesterId]
 */

/**
 * @typedef {object} UserRemovedFromChat An agent went.
 * @property {string} chatId
 * @property {string} [threadId]
 * @property {string} userId
 * @property {string} reason
 * @property {string} [requesterId]
 */

/**
 * @typedef {object} WelcomeMessageRequested `predicted_agent` is who says it, and would answer.
 * @property {string} id
 * @property {Host} predictedAgent
 * @property {boolean} queue
 */

/**
 * @typedef {object} Requests by name
 * @property {Login} login
 * @property {Ping} ping
 * @property {StartChat} start_chat
 * @property {ResumeChat} resume_chat
 * @property {DeactivateChat} deactivate_chat
 * @property {ListChats} list_chats
 * @property {ListThreads} list_threads
 * @property {GetChat} get_chat
 * @property {GetCustomer} get_customer
 * @property {UpdateCustomer} update_customer
 * @property {SetCustomerSessionFields} set_customer_session_fields
 * @property {UpdateCustomerPage} update_customer_page
 * @property {ActivateCustomerPage} activate_customer_page
 * @property {DeactivateCustomerPage} deactivate_customer_page
 * @property {SendEvent} send_event
 * @property {DeleteEvent} delete_event
 * @property {MarkEventsAsSeen} mark_events_as_seen
 * @property {SendRichMessagePostback} send_rich_message_postback
 * @property {SendSneakPeek} send_sneak_peek
 * @property {GetForm} get_form
 * @property {AcceptGreeting} accept_greeting
 * @property {CancelGreeting} cancel_greeting
 * @property {SendGreetingButtonClicked} send_greeting_button_clicked
 * @property {ListGroupStatuses} list_group_statuses
 * @property {GetPredictedAgent} get_predicted_agent
 * @property {RequestWelcomeMessage} request_welcome_message
 * @property {GetUrlInfo} get_url_info
 * @property {UpdateChatProperties} update_chat_properties
 * @property {DeleteChatProperties} delete_chat_properties
 * @property {UpdateThreadProperties} update_thread_properties
 * @property {DeleteThreadProperties} delete_thread_properties
 * @property {UpdateEventProperties} update_event_properties
 * @property {DeleteEventProperties} delete_event_properties
 */

/**
 * @typedef {object} Answers by name
 * @property {LoggedIn} login
 * @property {Pong} ping
 * @property {ChatStarted} start_chat
 * @property {ChatResumed} resume_chat
 * @property {Nothing} deactivate_chat
 * @property {ChatsPage} list_chats
 * @property {ThreadsPage} list_threads
 * @property {Chat} get_chat
 * @property {Customer} get_customer
 * @property {Nothing} update_customer
 * @property {Nothing} set_customer_session_fields
 * @property {Nothing} update_customer_page
 * @property {Nothing} activate_customer_page
 * @property {Nothing} deactivate_customer_page
 * @property {EventSent} send_event
 * @property {Nothing} delete_event
 * @property {Nothing} mark_events_as_seen
 * @property {Nothing} send_rich_message_postback
 * @property {Nothing} send_sneak_peek
 * @property {FormFound} get_form
 * @property {Nothing} accept_greeting
 * @property {Nothing} cancel_greeting
 * @property {Nothing} send_greeting_button_clicked
 * @property {GroupStatuses} list_group_statuses
 * @property {PredictedAgent} get_predicted_agent
 * @property {WelcomeMessageRequested} request_welcome_message
 * @property {UrlInfo} get_url_info
 * @property {Nothing} update_chat_properties
 * @property {Nothing} delete_chat_properties
 * @property {Nothing} update_thread_properties
 * @property {Nothing} delete_thread_properties
 * @property {Nothing} update_event_properties
 * @property {Nothing} delete_event_properties
 */

/**
 * @typedef {object} Pushes by name
 * @property {IncomingChat} incoming_chat
 * @property {ChatDeactivated} chat_deactivated
 * @property {UserAddedToChat} user_added_to_chat
 * @property {UserRemovedFromChat} user_removed_from_chat
 * @property {IncomingEvent} incoming_event
 * @property {EventUpdated} event_updated
 * @property {EventDeleted} event_deleted
 * @property {IncomingRichMessagePostback} incoming_rich_message_postback
 * @property {EventsMarkedAsSeen} events_marked_as_seen
 * @property {ChatPropertiesUpdated} chat_properties_updated
 * @property {ChatPropertiesDeleted} chat_properties_deleted
 * @property {ThreadPropertiesUpdated} thread_properties_updated
 * @property {ThreadPropertiesDeleted} thread_properties_deleted
 * @property {EventPropertiesUpdated} event_properties_updated
 * @property {EventPropertiesDeleted} event_properties_deleted
 * @property {CustomerUpdated} customer_updated
 * @property {CustomerPageUpdated} customer_page_updated
 * @property {CustomerSideStorageUpdated} customer_side_storage_updated
 * @property {CustomerDisconnected} customer_disconnected
 * @property {GroupsStatusUpdated} groups_status_updated
 * @property {IncomingMulticast} incoming_multicast
 * @property {IncomingGreeting} incoming_greeting
 * @property {GreetingAccepted} greeting_accepted
 * @property {GreetingCanceled} greeting_canceled
 * @property {IncomingTypingIndicator} incoming_typing_indicator
 * @property {IncomingThinkingIndicator} incoming_thinking_indicator
 * @property {IncomingEventPreview} incoming_event_preview
 * @property {IncomingWelcomeMessage} incoming_welcome_message
 * @property {IncomingSneakPeek} incoming_sneak_peek
 * @property {QueuePositionUpdated} queue_position_updated
 * @property {SyncReset} sync_reset
 * @property {Goodbye} goodbye
 */

export {};
