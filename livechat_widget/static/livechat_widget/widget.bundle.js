// @ts-nocheck: made by manage.py livechat_bundle
const $0=(()=>{function makeId(){const bytes=crypto.getRandomValues(new Uint8Array(16));return[...bytes].map((byte)=>byte.toString(16).padStart(2,"0")).join("");}
return{makeId}})();
const $1=(()=>{class Backoff{#attempts=0;#base;#cap;#random;constructor({base=500,cap=30_000,random=Math.random}={}){this.#base=base;this.#cap=cap;this.#random=random;}
next(){const bound=Math.min(this.#cap,this.#base*2**this.#attempts);this.#attempts+=1;return this.#random()*bound;}
reset(){this.#attempts=0;}}
return{Backoff}})();
const $2=(()=>{class Emitter{#listeners=new Map();#report;constructor(report=globalThis.reportError??console.error){this.#report=report;}
on(event,listener){const listeners=this.#listeners.get(event)??new Set();this.#listeners.set(event,listeners.add(listener));return()=>this.off(event,listener);}
once(event,listener){const off=this.on(event,(...details)=>{off();listener(...details);});return off;}
off(event,listener){this.#listeners.get(event)?.delete(listener);}
emit(event,...details){for(const listener of[...(this.#listeners.get(event)??[])]){try{listener(...details);}catch(error){this.#report(error);}}}
clear(){this.#listeners.clear();}}
return{Emitter}})();
const $3=(()=>{function parseFrame(data){try{const frame=JSON.parse(String(data));return typeof frame==="object"&&!Array.isArray(frame)?frame:null;}catch{return null;}}
function isRepeatable(action,payload){const added=payload.event?[payload.event]:(payload.chat?.thread?.events??[]);const named=added.length>0&&added.every((event)=>event.custom_id);return named||/^(get|list)_/.test(action);}
return{parseFrame,isRepeatable}})();
const $4=(()=>{function watchPage({shown,online,offline,leaving}){if(typeof document==="undefined")return()=>{};const until=new AbortController();const options={signal:until.signal};const visible=()=>document.visibilityState==="visible"&&shown();document.addEventListener("visibilitychange",visible,options);addEventListener("pagehide",leaving,options);addEventListener("pageshow",({persisted})=>persisted&&shown(),options);addEventListener("online",online,options);addEventListener("offline",offline,options);return()=>until.abort();}
return{watchPage}})();
const $5=(()=>{const EVERY_PUSHES=20;const EVERY=5_000;class Receipts{#received=0;#told=0;#send;#timers;constructor({send,timers}){this.#send=send;this.#timers=timers;}
begin(){this.#tell();}
reset(){this.#received=0;this.#told=0;}
count(frame){if(frame.type!=="push"||typeof frame.seq!=="number")return;this.#received+=1;if(this.#received-this.#told>=EVERY_PUSHES)this.#tell();else if(!this.#timers.has("receipt"))this.#timers.set("receipt",EVERY,()=>this.#tell());}#tell(){this.#timers.stop("receipt");this.#told=this.#received;this.#send({action:"ack",payload:{received:this.#received}});}}
return{Receipts}})();
const $6=(()=>{const State=Object.freeze({closed:"closed",connecting:"connecting",open:"open",unstable:"unstable",waiting:"waiting",refused:"refused",});
return{State}})();
const $7=(()=>{class Timers{#running=new Map();#setTimeout;#clearTimeout;constructor({setTimeout=(act,milliseconds)=>globalThis.setTimeout(act,milliseconds),clearTimeout=(timer)=>globalThis.clearTimeout(timer),}={}){this.#setTimeout=setTimeout;this.#clearTimeout=clearTimeout;}
set(name,milliseconds,act){this.stop(name);const timer=this.#setTimeout(()=>{this.#running.delete(name);act();},milliseconds);this.#running.set(name,timer);}
has(name){return this.#running.has(name);}
stop(name){this.#clearTimeout(this.#running.get(name));this.#running.delete(name);}
stopAll(kept){for(const name of[...this.#running.keys()])if(name!==kept)this.stop(name);}}
return{Timers}})();
const $8=(()=>{const{Backoff}=$1;const{Emitter}=$2;const{parseFrame}=$3;const{watchPage:watchBrowserPage}=$4;const{Receipts}=$5;const{State}=$6;const{Timers}=$7;const CLOSE_REFUSED=4401;const CONNECT_TIMEOUT=15_000;const PING_EVERY=15_000;const PING_TIMEOUT=10_000;const STABLE_AFTER=10_000;const RETURN_SPREAD=500;class Connection{#socket=null;#state=State.closed;#clock=0;#pings=0;#emitter=new Emitter();#url;#login;#WebSocket;#random;#timers;#backoff;#receipts;#unwatch;constructor({url,login,WebSocket=globalThis.WebSocket,random=Math.random,watchPage=watchBrowserPage,...clock}){this.#url=url;this.#login=login;this.#WebSocket=WebSocket;this.#random=random;this.#timers=new Timers(clock);this.#backoff=new Backoff({random});this.#receipts=new Receipts({send:(frame)=>this.send(frame),timers:this.#timers});this.#unwatch=watchPage({shown:()=>this.#look(),online:()=>this.#look(),offline:()=>this.#suspect(),leaving:()=>this.#wanted&&this.#drop(State.waiting),});}
get state(){return this.#state;}
get up(){return this.#state===State.open||this.#state===State.unstable;}
on(event,listener){return this.#emitter.on(event,listener);}
connect(){if(!this.#socket)this.#open();}
disconnect(){this.#drop(State.closed);this.#backoff.reset();}
restart(){if(this.#wanted)this.#retry();}
destroy(){this.disconnect();this.#unwatch();this.#emitter.clear();}
send(frame){if(this.#socket?.readyState!==this.#WebSocket.OPEN)return false;this.#socket.send(JSON.stringify(frame));return true;}
get#wanted(){return this.#state!==State.closed&&this.#state!==State.refused;}#open(){this.#detach();const clock=this.#clock;const unlessStale=(act)=>(event)=>{if(clock===this.#clock)act(event);};const socket=new this.#WebSocket(this.#url);socket.onopen=unlessStale(()=>this.#logIn(clock));socket.onmessage=unlessStale(({data})=>this.#receive(data));socket.onclose=unlessStale(({code})=>this.#lose(code));this.#socket=socket;this.#timers.set("connect",CONNECT_TIMEOUT,()=>this.#retry());this.#setState(State.connecting);}
async#logIn(clock){const loggedIn=await this.#login().then(()=>true,()=>false,);if(clock!==this.#clock)return;if(!loggedIn)return this.#retry();this.#timers.stop("connect");this.#timers.set("stable",STABLE_AFTER,()=>this.#backoff.reset());this.#timers.set("ping",PING_EVERY,()=>this.#ping());this.#receipts.begin();this.#setState(State.open);}#receive(data){const frame=parseFrame(data);if(!frame)return;if(frame.action==="ping")return this.#takePong(frame.payload??{});this.#receipts.count(frame);if(frame.type==="push"&&frame.action==="goodbye")this.#leaveSoon(frame.payload??{});this.#emitter.emit("frame",frame);}#ping(){this.#pings+=1;this.send({action:"ping",request_id:`ping-${this.#pings}`});this.#timers.set("ping",PING_EVERY,()=>this.#ping());if(!this.#timers.has("pong"))this.#timers.set("pong",PING_TIMEOUT,()=>this.#retry());}#takePong(payload){this.#timers.stop("pong");if(this.up)this.#setState(State.open);this.#emitter.emit("pong",payload);}#look(){if(this.#state===State.waiting)this.#open();else if(this.up)this.#ping();}#suspect(){if(!this.up)return;this.#setState(State.unstable);this.#ping();}#leaveSoon({reconnect_after_ms=0}){const delay=Number(reconnect_after_ms)+this.#random()*RETURN_SPREAD;this.#timers.set("return",delay,()=>this.#open());}#lose(code){if(code===CLOSE_REFUSED)this.#drop(State.refused);else if(this.#timers.has("return"))this.#drop(State.waiting,"return");else this.#retry();}#retry(){this.#drop(State.waiting);this.#timers.set("return",this.#backoff.next(),()=>this.#open());}#drop(state,timer){this.#detach(timer);this.#setState(state);}#detach(timer){this.#clock+=1;this.#receipts.reset();this.#timers.stopAll(timer);this.#socket?.close();this.#socket=null;}#setState(state){const previous=this.#state;if(state===previous)return;this.#state=state;this.#emitter.emit("state",state,previous);}}
return{Connection}})();
const $9=(()=>{class Cursor{#early=new Map();constructor({epoch="",seq}={}){this.epoch=epoch;this.seq=seq;}
get hole(){return this.#early.size>0;}
take(push){if(typeof push.seq!=="number")return[push];this.seq??=push.seq-1;if(push.seq>this.seq)this.#early.set(push.seq,push);return this.#next();}
move({epoch=this.epoch,seq}){this.epoch=epoch;this.seq=seq;this.#early.clear();}#next(){const next=[];for(let push;(push=this.#early.get(Number(this.seq)+1));next.push(push)){this.#early.delete(push.seq);this.seq=push.seq;}
return next;}}
return{Cursor}})();
const $10=(()=>{class LivechatError extends Error{constructor(code,message,data){super(message);this.name="LivechatError";this.code=code;this.data=data;}
static fromWire(error){const type=error?.type??"internal";return new LivechatError(type.toUpperCase(),error?.message??type,error?.data);}}
const connectionLost=()=>new LivechatError("CONNECTION_LOST","The connection was lost before the server answered.");const requestTimeout=()=>new LivechatError("REQUEST_TIMEOUT","The server did not answer in time.");const destroyed=()=>new LivechatError("SDK_DESTROYED","This client was destroyed; make a new one.");
return{LivechatError,connectionLost,requestTimeout,destroyed}})();
const $11=(()=>{const{connectionLost,LivechatError,requestTimeout}=$10;const{isRepeatable}=$3;const{makeId}=$0;const{Timers}=$7;const TIMEOUT=15_000;const MOST_AT_ONCE=10;class Requests{#pending=new Map();#up=false;#send;#makeId;#timers;constructor({send,makeId:makeOwnId=makeId,...clock}){this.#send=send;this.#makeId=makeOwnId;this.#timers=new Timers(clock);}
ask(action,payload,{signal,settledBy,early=false}={}){return new Promise((resolve,reject)=>{if(signal?.aborted)return reject(signal.reason);const id=this.#makeId();const repeatable=isRepeatable(action,payload);const sent=false;const pending={id,action,payload,settledBy,repeatable,sent,resolve,reject};this.#pending.set(id,pending);const giveUp=()=>this.#settle(id)?.reject(signal?.reason);signal?.addEventListener("abort",giveUp,{once:true});if(!repeatable)this.#limit(id);if(!early)this.#flush();else if(!this.#dispatch(pending))this.#settle(id)?.reject(connectionLost());});}
take(frame){const pending=this.#pending.get(frame.request_id);if(frame.type==="response"){if(pending)this.#takeResponse(pending,frame);return true;}
if(!pending||pending.settledBy!==frame.action)return false;this.#settle(pending.id)?.resolve(frame.payload);return true;}
up(){this.#up=true;this.#flush();}
down(){this.#up=false;for(const pending of[...this.#pending.values()].filter(({sent})=>sent)){if(pending.repeatable)this.#hold(pending);else this.#settle(pending.id)?.reject(connectionLost());}}
rejectAll(error){for(const id of[...this.#pending.keys()])this.#settle(id)?.reject(error);}#flush(){if(!this.#up)return;const all=[...this.#pending.values()];const room=MOST_AT_ONCE-all.filter(({sent})=>sent).length;for(const pending of all.filter(({sent})=>!sent).slice(0,Math.max(room,0))){this.#dispatch(pending);}}#dispatch(pending){const{id,action,payload}=pending;pending.sent=this.#send({request_id:id,action,payload});if(pending.sent)this.#limit(id);return pending.sent;}#hold(pending){pending.sent=false;this.#timers.stop(pending.id);}#takeResponse(pending,{success,payload}){if(!success)this.#settle(pending.id)?.reject(LivechatError.fromWire(payload?.error));else if(!pending.settledBy)this.#settle(pending.id)?.resolve(payload??{});}#limit(id){this.#timers.set(id,TIMEOUT,()=>this.#settle(id)?.reject(requestTimeout()));}#settle(id){const pending=this.#pending.get(id);this.#pending.delete(id);this.#timers.stop(id);this.#flush();return pending;}}
return{Requests}})();
const $12=(()=>{const OPAQUE=new Set(["properties","content","text_vars","customer_side_storage"]);function fromWire(value){return convert(value,fromWire,(key,inner)=>[key.replace(/_([a-z0-9])/g,(_,letter)=>letter.toUpperCase()),key==="session_fields"?Object.fromEntries(inner.flatMap(Object.entries)):undefined,]);}
function toWire(value){return convert(value,toWire,(key,inner)=>[key.replace(/[A-Z]/g,(letter)=>`_${letter.toLowerCase()}`),key==="sessionFields"?Object.entries(inner).map(([name,text])=>({[name]:text})):undefined,]);}
function convert(value,again,rename){if(Array.isArray(value))return value.map(again);if(value===null||typeof value!=="object")return value;return Object.fromEntries(Object.entries(value).map(([key,inner])=>{const[name,decided]=rename(key,inner);if(decided!==undefined)return[name,decided];return[name,OPAQUE.has(key)?inner:again(inner)];}),);}
return{fromWire,toWire}})();
const $13=(()=>{const{Connection}=$8;const{Cursor}=$9;const{Emitter}=$2;const{connectionLost,destroyed}=$10;const{Requests}=$11;const{State}=$6;const{Timers}=$7;const{fromWire}=$12;const HOLE_PATIENCE=1_000;const FINAL_REASONS=new Set(["customer_banned","customer_temporarily_blocked","license_expired","license_not_found","logged_out_remotely","product_version_changed","too_many_connections","unsupported_version",]);class Session{#emitter=new Emitter();#destroyed=false;#disconnectReason="";#logins=0;#sync={};#token;#customer;#fragments;#cursor;#connection;#requests;#timers;constructor({url,token,customer={},fragments,cursor,...surroundings}){this.#token=token;this.#customer=customer;this.#fragments=fragments;this.#cursor=new Cursor(cursor);this.#timers=new Timers(surroundings);this.#connection=new Connection({url,login:()=>this.#logIn(),...surroundings});this.#requests=new Requests({send:(frame)=>this.#connection.send(frame),...surroundings,});this.#connection.on("frame",(frame)=>this.#receive(frame));this.#connection.on("pong",({seq})=>this.#compare(seq));this.#connection.on("state",(state,previous)=>this.#followState(state,previous));}
get state(){return this.#connection.state;}
get cursor(){return{epoch:this.#cursor.epoch,seq:this.#cursor.seq};}
connect(){if(this.#destroyed)throw destroyed();this.#connection.connect();}
disconnect(){this.#connection.disconnect();}
destroy(){this.#destroyed=true;this.#timers.stopAll();this.#connection.destroy();this.#requests.rejectAll(destroyed());this.#emitter.clear();}
async request(action,payload={},options={}){if(this.#destroyed)throw destroyed();return fromWire(await this.#requests.ask(action,payload,options));}
on(event,listener){return this.#emitter.on(event,listener);}
once(event,listener){return this.#emitter.once(event,listener);}
off(event,listener){this.#emitter.off(event,listener);}
onStateChange(listener){return this.#emitter.on("state",listener);}
catchUp(pushes){for(const push of pushes)this.#receive(push);}
async#logIn(){const{epoch,seq}=this.#cursor;const login=++this.#logins;const token=typeof this.#token==="function"?await this.#token():this.#token;if(login!==this.#logins)throw connectionLost();const payload={token:`Bearer ${token}`,customer:this.#customer,fragments:this.#fragments,cursor:seq===undefined?undefined:{epoch,seq},};const{sync={},...answer}=await this.#requests.ask("login",payload,{early:true});this.#sync=sync;if(this.#cursor.seq===undefined)this.#cursor.move(sync);this.#emitter.emit("connected",fromWire(answer));}#receive(frame){const settled=this.#requests.take(frame);if(frame.type==="response")return;for(const push of this.#cursor.take(frame))this.#show(push,settled&&push===frame);if(!this.#cursor.hole)this.#timers.stop("hole");else if(!this.#timers.has("hole"))this.#resyncUnless(()=>!this.#cursor.hole);}#show(push,settled){if(push.action==="sync_reset")this.#cursor.move(this.#sync);if(push.action==="customer_disconnected")this.#heedDisconnection(push.payload);this.#emitter.emit("push",push);if(!settled)this.#emitter.emit(push.action,fromWire(push.payload));}#compare(seq){const behind=()=>seq!==undefined&&Number(this.#cursor.seq)<seq;if(behind())this.#resyncUnless(()=>!behind());}#resyncUnless(mended){this.#timers.set("hole",HOLE_PATIENCE,()=>mended()||this.#connection.restart());}#heedDisconnection({reason}){this.#disconnectReason=reason;if(FINAL_REASONS.has(reason))this.#connection.disconnect();}#followState(state,previous){const was=previous===State.open||previous===State.unstable;if(!this.#connection.up)this.#requests.down();else if(!was)this.#requests.up();this.#emitter.emit("state",state,previous);if(state===State.unstable)this.#emitter.emit("connection_unstable");if(previous===State.unstable&&was&&this.#connection.up){this.#emitter.emit("connection_recovered");}
if(was&&!this.#connection.up)this.#announceDisconnection(state);}#announceDisconnection(state){const reason=this.#disconnectReason||(state===State.closed?"":"connection_lost");this.#disconnectReason="";if(reason)this.#emitter.emit("disconnected",{reason});}}
return{Session}})();
const $14=(()=>{const{makeId}=$0;const{Session}=$13;const{State}=$6;const{toWire}=$12;class Client extends Session{startChat(details={},options={}){return this.#openChat("start_chat",details,options);}
resumeChat(details,options={}){return this.#openChat("resume_chat",details,options);}
deactivateChat({id},options={}){return this.done("deactivate_chat",{id},options);}
async sendEvent({event,...details},options={}){const payload=toWire({...details,event:named(event)});const settled={...options,settledBy:"incoming_event"};return(await this.request("send_event",payload,settled)).event;}
listChats(details={},options={}){return this.request("list_chats",toWire(details),options);}
listThreads(details,options={}){return this.request("list_threads",toWire(details),options);}
getChat(details,options={}){return this.request("get_chat",toWire(details),options);}
getCustomer(options={}){return this.request("get_customer",{},options);}
updateCustomer(details,options={}){return this.done("update_customer",toWire(details),options);}
markEventsAsSeen(details,options={}){return this.done("mark_events_as_seen",toWire(details),options);}
updateCustomerPage(page){this.#mention("update_customer_page",page);}
setSneakPeek(details){this.#mention("send_sneak_peek",details);}
async done(action,payload,options){await this.request(action,payload,options);return{success:true};}#openChat(action,{active=true,chat={},...details},options){const thread=chat.thread&&{...chat.thread,events:chat.thread.events?.map(named)};const payload=toWire({...details,active,chat:{...chat,thread}});return this.request(action,payload,{...options,settledBy:"incoming_chat"});}#mention(action,details){if(this.state!==State.open)return;this.request(action,toWire(details)).catch(()=>{});}}
function named(event){return{...event,customId:event.customId??makeId()};}
return{Client,LivechatError:$10.LivechatError,State:$6.State}})();
const $15=(()=>{const KEPT=5;function announce(region,event){const parts=[".lc-event__author",".lc-event__text"].map((part)=>event.querySelector(part)?.textContent?.trim()??"",);const line=document.createElement("p");line.textContent=parts.filter(Boolean).join(": ");region.append(line);while(region.children.length>KEPT)region.firstElementChild?.remove();}
return{announce}})();
const $16=(()=>{class Bridge{#port=null;#told=new Map();#changed;framed=window.parent!==window;opened=!this.framed;constructor(changed){this.#changed=changed;addEventListener("message",(event)=>this.#accept(event));}
close(){this.#port?.postMessage({type:"close"});}
tell(type,details){const message={type,...details};if(JSON.stringify(this.#told.get(type))===JSON.stringify(message))return;this.#told.set(type,message);this.#port?.postMessage(message);}#accept({source,data,ports:[port]}){if(this.#port||!this.framed||source!==window.parent)return;if(data?.livechat!=="port"||!port)return;this.#port=port;port.onmessage=({data})=>this.#hear(data);port.postMessage({type:"ready"});for(const message of this.#told.values())port.postMessage(message);}#hear(message){if(message?.type!=="opened"&&message?.type!=="closed")return;this.opened=message.type==="opened";this.#changed(this.opened&&message.focus===true);}}
return{Bridge}})();
const $17=(()=>{const{Backoff}=$1;const{makeId}=$0;const{Timers}=$7;const SHORTEST_WAIT=1_000;class Outbox{#entry=null;#busy=false;#post;#changed;#timers;#backoff;constructor({post,changed,random,...clock}){this.#post=post;this.#changed=changed;this.#timers=new Timers(clock);this.#backoff=new Backoff({random});}
get text(){return this.#entry?.text??"";}
get busy(){return this.#busy;}
async send(text,details={}){if(this.#busy)return;const custom_id=this.#entry?.text===text?this.#entry.custom_id:makeId();this.#entry={...details,text,custom_id};await this.#try();}
async retry(){if(this.#timers.has("retry"))await this.#try();}
abandon(){this.#entry=null;this.#timers.stop("retry");this.#changed("abandoned","");}
async#try(){const entry=this.#entry;if(!entry)return;this.#timers.stop("retry");this.#busy=true;this.#changed("sending",entry.text);const outcome=await this.#post(entry);this.#busy=false;this.#conclude(entry.text,outcome,entry===this.#entry);}#conclude(text,{ok,held,message},wanted){if(ok){this.#entry=wanted?null:this.#entry;this.#backoff.reset();this.#changed("sent",text);}else if(!wanted){this.#changed("abandoned","");}else if(held){this.#timers.set("retry",SHORTEST_WAIT+this.#backoff.next(),()=>this.#try());this.#changed("held",text);}else{this.#entry=null;this.#changed("refused",text,message);}}}
return{Outbox}})();
const $18=(()=>{const{Outbox}=$17;const FIELD_SIZING=globalThis.CSS?.supports("field-sizing","content");class Composer{#form;#field;#note;#texts;#outbox;#written;#sent;#again=false;constructor({form,texts,post,written,sent}){this.#form=form;this.#field=(form.elements.namedItem("text"));this.#note=(form.querySelector("[role=alert]"));this.#texts=texts;this.#written=written;this.#sent=sent;this.#outbox=new Outbox({post,changed:(...step)=>this.#show(...step)});form.addEventListener("submit",(event)=>this.#submit(event));this.#field.addEventListener("keydown",(event)=>this.#heedKey(event));this.#field.addEventListener("input",()=>this.#heedInput());}
get draft(){return this.#field.value;}
set draft(text){this.#field.value=text;this.#fit();}
focus(){this.#field.focus();}
retry(){this.#outbox.retry();}#submit(event){event.preventDefault();const text=this.#field.value.trim();if(!text)return;const first=this.#outbox.text||text;this.#again=first!==text;this.#outbox.send(first,this.#details());}#details(){const fields=new FormData(this.#form);fields.delete("text");const answers=[...fields].map(([name,value])=>[name,String(value).trim()]);return Object.fromEntries(answers.filter(([,value])=>value));}#heedKey(event){const composing=event.isComposing||event.keyCode===229;if(event.key!=="Enter"||event.shiftKey||composing)return;event.preventDefault();this.#form.requestSubmit();}#heedInput(){this.#fit();const waiting=this.#outbox.text;if(!waiting||!this.#field.value.trimStart().startsWith(waiting))this.#outbox.abandon();this.#written(this.#field.value);}#show(step,text,message){this.#form.toggleAttribute("data-busy",step==="sending");this.#form.toggleAttribute("data-held",step==="held");if(step==="sending")return;const{held,refused}=this.#texts;const notes={sent:"",abandoned:"",held,refused:message||refused};this.#note.textContent=notes[step];const next=this.#again&&step==="sent";this.#again=false;if(step==="sent")this.#clear(text);if(next)this.#form.requestSubmit();}#clear(text){const written=this.#field.value.trimStart();if(written.startsWith(text))this.draft=written.slice(text.length).trimStart();this.#sent();}#fit(){if(FIELD_SIZING)return;this.#field.style.height="auto";this.#field.style.height=`${this.#field.scrollHeight}px`;}}
return{Composer}})();
const $19=(()=>{const WRAPPER=['<body><template class="internal-htmx-wrapper">',"</template></body>"];let announced=null;function createHTML(input){const[before,after]=WRAPPER;const known=announced!==null&&[announced,before+announced+after].includes(input);if(!known)throw new TypeError("livechat: only fragments from our own server become markup");return input;}
function guardMarkup(){const{trustedTypes}=(window);trustedTypes?.createPolicy("default",{createHTML});}
function swap(html){const{htmx}=((window));announced=html;try{htmx.swap(document.body,html,{swapStyle:"none"});}finally{announced=null;}}
return{guardMarkup,swap}})();
const $20=(()=>{const{Timers}=$7;const EVERY=3_000;const PATIENCE=4_000;class Polling{#on=false;#asking=false;#fetchNews;#take;#timers;constructor({fetchNews,take,...clock}){this.#fetchNews=fetchNews;this.#take=take;this.#timers=new Timers(clock);}
begin(patience=PATIENCE){if(this.#on||this.#timers.has("next"))return;this.#timers.set("next",patience,()=>this.#start());}
end(){this.#on=false;this.#timers.stop("next");}
hurry(){if(this.#on)this.#ask();}#start(){this.#on=true;this.#ask();}
async#ask(){if(this.#asking)return;this.#asking=true;const news=await this.#fetchNews();this.#asking=false;if(!this.#on)return;this.#timers.set("next",EVERY,()=>this.#ask());this.#take(news);}}
return{Polling}})();
const $21=(()=>{const{State}=$6;const{Timers}=$7;const{Polling}=$20;const BANNER_AFTER=2_000;class Line{#client;#showBanner;#back;#stale;#polling;#timers;#polled=false;constructor({client,fetchNews,showBanner,back,stale,...clock}){this.#client=client;this.#showBanner=showBanner;this.#back=back;this.#stale=stale;this.#timers=new Timers(clock);this.#polling=new Polling({fetchNews,take:(news)=>this.#takeNews(news),...clock});client.onStateChange((state)=>this.#follow(state));client.on("sync_reset",stale);}
open(sockets){if(sockets)this.#client.connect();else this.#polling.begin(0);}
hurry(){this.#polling.hurry();}#follow(state){if(state===State.refused)this.#stale();if(state===State.open)this.#rejoice();else if(state!==State.unstable)this.#miss();}#rejoice(){this.#polled=false;this.#polling.end();this.#reach();}#miss(){this.#polling.begin();if(!this.#timers.has("banner")){this.#timers.set("banner",BANNER_AFTER,()=>this.#showBanner(!this.#polled));}}#reach(){this.#timers.stop("banner");this.#showBanner(false);this.#back();}#takeNews(news){this.#polled=news!==null;if(!news)return this.#showBanner(true);if(news.reset)return this.#stale();this.#reach();this.#client.catchUp(news.pushes??[]);}}
return{Line}})();
const $22=(()=>{const{Timers}=$7;const PAUSE=2_000;class Peek{#last="";#next="";#post;#timers;constructor({post,...clock}){this.#post=post;this.#timers=new Timers(clock);}
write(text){this.#next=text;if(!this.#timers.has("pause"))this.#say();}
forget(){this.#last=this.#next="";}#say(){if(this.#next===this.#last)return;this.#last=this.#next;this.#post(this.#last);this.#timers.set("pause",PAUSE,()=>this.#say());}}
return{Peek}})();
const $23=(()=>{const{makeId}=$0;const BUTTONS="[data-lc-postback]";class Postbacks{#post;#settled;#thread="";#posting=false;constructor({post,settled}){this.#post=post;this.#settled=settled;}
draw(list,thread){this.#thread=thread;for(const button of list.querySelectorAll(`button${BUTTONS}`)){button.toggleAttribute("disabled",!this.#isOpen((button)));}}
async press(target){const button=(target.closest(BUTTONS));if(!button||this.#posting||!this.#isOpen(button)||isAnswered(button))return;const{lcPostback="",event="",thread=""}=button.dataset;this.#posting=true;const outcome=await this.#post({postback_id:lcPostback,event_id:event,thread_id:thread,toggled:isPressed(button)?"0":"1",custom_id:makeId(),});this.#posting=false;this.#settled(outcome);}#isOpen(button){return this.#thread!==""&&button.dataset.thread===this.#thread;}}
function isAnswered(button){return button.dataset.once==="true"&&isPressed(button);}
function isPressed(button){return button.getAttribute("aria-pressed")==="true";}
return{Postbacks}})();
const $24=(()=>{const YOUNGEST=10_000;function reload(draft){if(performance.now()<YOUNGEST)return;history.replaceState({draft},"");location.reload();}
function takeDraft(){const draft=history.state?.draft??"";history.replaceState(null,"");return draft;}
return{reload,takeDraft}})();
const $25=(()=>{const NEAR=80;class Scrolling{#atEnd=true;#scroller;#button;constructor({scroller,button,around,signal}){this.#scroller=scroller;this.#button=button;const how={capture:true,passive:true,signal};document.addEventListener("scroll",()=>this.#look(),how);button.addEventListener("click",()=>this.toEnd());const room=new ResizeObserver(()=>this.keep());for(const element of around)room.observe(element);signal?.addEventListener("abort",()=>room.disconnect());}
toEnd(){const scroller=this.#scroller();scroller.scrollTop=scroller.scrollHeight;this.#look();}
keep(){if(this.#atEnd)this.toEnd();}
grown(){this.#button.hidden=this.#atEnd;this.keep();}#look(){const{scrollTop,scrollHeight,clientHeight}=this.#scroller();this.#atEnd=scrollHeight-clientHeight-scrollTop<NEAR;if(this.#atEnd)this.#button.hidden=true;}}
return{Scrolling}})();
const $26=(()=>{class Seen{#upTo;#looking=false;#posting=false;#unseen;#post;#counted;constructor({upTo,unseen,post,counted}){this.#upTo=upTo;this.#unseen=unseen;this.#post=post;this.#counted=counted;}
look(looking){this.#looking=looking;this.update();}
move(upTo){if(upTo>this.#upTo)this.#upTo=upTo;this.update();}
update(){const unseen=this.#unseen(this.#upTo);this.#counted(this.#looking?0:unseen.length);if(this.#looking&&unseen.length)this.#mark(unseen[unseen.length-1]);}
async#mark(upTo){if(this.#posting)return;this.#posting=true;const{ok}=await this.#post(upTo);this.#posting=false;if(ok)this.move(upTo);}}
return{Seen}})();
const $27=(()=>{const TIMEOUT=15_000;const PASSING=new Set([408,425,429]);class Server{#headers;#fetch;constructor(token,fetch=(url,how)=>globalThis.fetch(url,how)){this.#headers={Authorization:`Bearer ${token}`};this.#fetch=fetch;}
async post(url,values){const response=await this.#ask(url,{method:"POST",body:new URLSearchParams(values)});const status=response?.status??0;return{ok:response?.ok??false,held:status===0||status>=500||PASSING.has(status),unauthorized:status===401,message:response&&!response.ok?await messageOf(response):"",};}
async get(url){const response=await this.#ask(url,{});return response?.ok?response.json().catch(()=>null):null;}#ask(url,how){const credentials=("omit");const signal=AbortSignal.timeout(TIMEOUT);const all={...how,headers:this.#headers,credentials,signal};return this.#fetch(url,all).catch(()=>null);}}
async function messageOf(response){const body=await response.json().catch(()=>null);return String(body?.error?.message??"");}
return{Server}})();
const $28=(()=>{const GROUP_WITHIN=5*60_000;function arrange(list,language){const clock=new Intl.DateTimeFormat(locale(language),{timeStyle:"short"});dropDoubles(list);let previous=null;for(const event of eventsOf(list)){tellTime(event,clock);if(day(event)!==day(previous))drawDay(event,language);const follows=previous!==null&&belongTogether(previous,event);event.toggleAttribute("data-follows",follows);previous?.toggleAttribute("data-followed",follows);previous=event;}}
function markSeen(list,kind,seenUpTo){const own=eventsOf(list).filter(({dataset})=>dataset.kind===kind);const last=own.filter((event)=>timeOf(event)<=seenUpTo).at(-1);for(const event of own){const mark=event.querySelector(".lc-event__seen");mark?.toggleAttribute("hidden",event!==last);}}
function timesAfter(list,kind,after){const events=eventsOf(list).filter(({dataset})=>dataset.kind===kind);return events.map(timeOf).filter((time)=>time>after);}
function eventsOf(list){return[...list.querySelectorAll(":scope > [data-created-at]")].map((event)=>(event),);}
function dropDoubles(list){const known=new Set();for(const event of eventsOf(list)){if(known.has(event.id))event.remove();known.add(event.id);}}
function tellTime(event,clock){const time=event.querySelector("time");if(!time||time.textContent)return;const moment=new Date(timeOf(event));time.textContent=clock.format(moment);time.title=moment.toLocaleString(clock.resolvedOptions().locale);}
function drawDay(event,language){const before=event.previousElementSibling;if(before instanceof HTMLElement&&before.dataset.day)before.remove();const line=document.createElement("li");line.className="lc-day";line.dataset.day=day(event);line.textContent=nameOfDay(new Date(timeOf(event)),language);event.before(line);}
function nameOfDay(date,language){const midnight=new Date(date).setHours(0,0,0,0);const days=Math.round((midnight-new Date().setHours(0,0,0,0))/86_400_000);if(days>=-1&&days<=0){return new Intl.RelativeTimeFormat(locale(language),{numeric:"auto"}).format(days,"day");}
return new Intl.DateTimeFormat(locale(language),{dateStyle:"full"}).format(date);}
function belongTogether(one,next){const apart=Date.parse(timeOf(next))-Date.parse(timeOf(one));const{author,kind}=next.dataset;const same=one.dataset.author===author&&one.dataset.kind===kind&&kind!=="system";return same&&apart<GROUP_WITHIN&&day(one)===day(next);}
function day(event){return event?new Date(timeOf(event)).toDateString():"";}
function timeOf(event){return event.dataset.createdAt??"";}
function locale(language){try{return Intl.getCanonicalLocales(language)[0];}catch{return undefined;}}
return{arrange,markSeen,timesAfter,eventsOf}})();
const $29=(()=>{const{Timers}=$7;const EXPIRES_AFTER=10_000;class Typing{#author="";#changed;#timers;constructor({changed,...clock}){this.#changed=changed;this.#timers=new Timers(clock);}
get active(){return this.#author!=="";}
hear(author,typing){if(typing)this.#set(author);else if(author===this.#author)this.#set("");}#set(author){this.#author=author;this.#timers.stop("expiry");if(author)this.#timers.set("expiry",EXPIRES_AFTER,()=>this.#set(""));this.#changed(this.active);}}
return{Typing}})();
const $30=(()=>{const{Client}=$14;const{announce}=$15;const{Bridge}=$16;const{Composer}=$18;const{guardMarkup,swap}=$19;const{Line}=$21;const{Peek}=$22;const{Postbacks}=$23;const{reload,takeDraft}=$24;const{Scrolling}=$25;const{Seen}=$26;const{Server}=$27;const{arrange,markSeen,timesAfter}=$28;const{Typing}=$29;guardMarkup();const data=(document.body.dataset);const element=(id)=>(document.getElementById(id));const events=()=>element("lc-events");const conversation=()=>element("lc-conversation");const menu=()=>(document.querySelector(".lc-menu"));const active=()=>element("lc-header").dataset.active==="true";const server=new Server(data.token);const client=new Client({url:socketUrl(),token:data.token,fragments:data.language,cursor:{epoch:data.epoch,seq:Number(data.seq)},});const line=new Line({client,fetchNews:()=>server.get(newsUrl()),showBanner:(shown)=>(element("lc-banner").hidden=!shown),back:()=>composer.retry(),stale:()=>reload(composer.draft),});const composer=new Composer({form:(element("lc-composer")),texts:{held:data.textHeld,refused:data.textRefused},post:(values)=>post(element("lc-composer").getAttribute("action")??"",values),written:(text)=>active()&&peek.write(text),sent:()=>{peek.forget();line.hurry();},});const peek=new Peek({post:(text)=>post(data.typingUrl,{text})});const postbacks=new Postbacks({post:(values)=>post(data.postbackUrl,values),settled:({ok,message})=>{element("lc-note").textContent=ok?"":message||data.textFailed;line.hurry();},});const typing=new Typing({changed:showTyping});const scrolling=new Scrolling({scroller:conversation,button:element("lc-newer"),around:[document.documentElement,...document.querySelectorAll(".lc-banner, .lc-bottom")],});const bridge=new Bridge((focus)=>{if(focus)welcome();look();});const seen=new Seen({upTo:data.seenByMe,unseen:(after)=>timesAfter(events(),"agent",after),post:(seenUpTo)=>post(data.seenUrl,{seen_up_to:seenUpTo}),counted:(count)=>bridge.tell("unread",{count}),});const reactions={incoming_event:({event})=>hearEvent(event),incoming_typing_indicator:({typing_indicator:{author_id,is_typing}})=>author_id!==data.me&&typing.hear(author_id,is_typing),events_marked_as_seen:({user_id,seen_up_to})=>{if(user_id===data.me)seen.move(seen_up_to);else noteSeenByThem(seen_up_to);},};function receive({action,payload,html}){if(html)swap(html);reactions[action]?.(payload);if(!html)return;draw();const own=payload.event?.author_id===data.me;if(own||action==="incoming_chat")scrolling.toEnd();else if(action==="incoming_event")scrolling.grown();else scrolling.keep();}
function hearEvent({author_id="system",id,created_at}){const drawn=document.getElementById(`lc-${author_id}-${id}`);if(!drawn||author_id===data.me)return;typing.hear(author_id,false);announce(element("lc-announcer"),drawn);if(drawn.dataset.kind==="agent")noteSeenByThem(created_at);}
function draw(){arrange(events(),data.language);markSeen(events(),"customer",conversation().dataset.seen??"");postbacks.draw(events(),active()?(conversation().dataset.thread??""):"");showTyping();seen.update();bridge.tell("chat",{active:active()});}
function noteSeenByThem(upTo){const{dataset}=conversation();if(upTo>(dataset.seen??""))dataset.seen=upTo;markSeen(events(),"customer",dataset.seen??"");}
function showTyping(){element("lc-typing").hidden=!typing.active;scrolling.keep();}
function welcome(){if(matchMedia("(pointer: coarse)").matches)conversation().focus();else composer.focus();}
function look(){seen.look(bridge.opened&&document.visibilityState==="visible");}
async function post(url,values){const outcome=await server.post(url,values);if(outcome.unauthorized)reload(composer.draft);return outcome;}
function socketUrl(){if(!data.socketUrl)return"";const url=new URL(data.socketUrl,location.href);url.protocol=location.protocol==="https:"?"wss:":"ws:";return url.href;}
function newsUrl(){const{epoch="",seq=0}=client.cursor;return`${data.newsUrl}?${new URLSearchParams({ epoch, after: String(seq) })}`;}
function heedClick({target}){if(!(target instanceof Element))return;postbacks.press(target);if(!target.closest("summary"))menu().open=false;if(target.closest("[data-lc-close]"))bridge.close();if(target.closest("[data-lc-restart]")){element("lc-foot").toggleAttribute("data-reopened",true);composer.focus();}}
function heedKey({key,isComposing}){if(key!=="Escape"||isComposing)return;if(menu().open)menu().open=false;else bridge.close();}
document.addEventListener("click",heedClick);document.addEventListener("keydown",heedKey);document.addEventListener("visibilitychange",look);client.on("push",receive);for(const close of document.querySelectorAll("[data-lc-close]")){close.toggleAttribute("hidden",!bridge.framed);}
composer.draft=takeDraft()||composer.draft;draw();scrolling.toEnd();look();line.open(Boolean(data.socketUrl));
})();
