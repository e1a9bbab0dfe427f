// @ts-nocheck: made by manage.py livechat_bundle
const $0=(()=>{const BUTTON="[data-lc-older]";class History{#scroller;#get;#put;#watched;#button=null;#busy=false;constructor({scroller,get,put,Observer=IntersectionObserver}){this.#scroller=scroller;this.#get=get;this.#put=put;this.#watched=new Observer((seen)=>{if(seen.some(({isIntersecting})=>isIntersecting))this.load();});document.addEventListener("click",({target})=>{if(target instanceof Element&&target.closest(BUTTON))this.load();});}
look(){const button=this.#scroller().querySelector(BUTTON);if(button===this.#button)return;this.#watched.disconnect();this.#button=button;if(button)this.#watched.observe(button);}
async load(){const{lcOlder=""}=(this.#button)?.dataset??{};if(this.#busy||!lcOlder)return;this.#busy=true;const html=await this.#get(lcOlder);if(html!==null)this.#putAbove(html);this.#busy=false;this.look();}#putAbove(html){const scroller=this.#scroller();const below=scroller.scrollHeight-scroller.scrollTop;this.#put(html);scroller.scrollTop=scroller.scrollHeight-below;}}
return{History}})();
const $1=(()=>{function makeId(){const bytes=crypto.getRandomValues(new Uint8Array(16));return[...bytes].map((byte)=>byte.toString(16).padStart(2,"0")).join("");}
return{makeId}})();
const $2=(()=>{const{makeId}=$1;const BUTTONS="[data-lc-postback]";class Postbacks{#post;#settled;#thread="";#posting=false;constructor({post,settled}){this.#post=post;this.#settled=settled;}
draw(list,thread){this.#thread=thread;for(const button of list.querySelectorAll(`button${BUTTONS}`)){button.toggleAttribute("disabled",!this.#isOpen((button)));}}
async press(target){const button=(target.closest(BUTTONS));if(!button||this.#posting||!this.#isOpen(button)||isAnswered(button))return;const{lcPostback="",event="",thread=""}=button.dataset;this.#posting=true;const outcome=await this.#post({postback_id:lcPostback,event_id:event,thread_id:thread,toggled:isPressed(button)?"0":"1",custom_id:makeId(),});this.#posting=false;this.#settled(outcome);}#isOpen(button){return this.#thread!==""&&button.dataset.thread===this.#thread;}}
function isAnswered(button){return button.dataset.once==="true"&&isPressed(button);}
function isPressed(button){return button.getAttribute("aria-pressed")==="true";}
return{Postbacks}})();
const $3=(()=>{const OURS=new Set(["token","time_zone"]);class Questions{#root;#server;#swap;#drafts;#answered;#failed;#posting=false;constructor({root,server,swap,drafts,answered,failed}){this.#root=root;this.#server=server;this.#swap=swap;this.#drafts=drafts;this.#answered=answered;this.#failed=failed;document.addEventListener("submit",(event)=>this.#submit(event));for(const type of["input","change"]){document.addEventListener(type,({target})=>this.#keep(target));}
this.#refill();}
async ask(url){const html=await this.#server.get(url);if(html!==null)this.#put(html);return this.#isAsking;}
focus(){const places=["[aria-invalid=true]",".lc-ask__title","summary"];const found=places.map((place)=>this.#root().querySelector(place)).find(Boolean);(found)?.focus();}
get#isAsking(){return this.#root().children.length>0;}
async#submit(event){const form=(event.target);if(!this.#root().contains(form))return;event.preventDefault();if(this.#posting)return;const values=new FormData(form,event.submitter);if(values.has("time_zone"))values.set("time_zone",timeZone());this.#posting=true;form.toggleAttribute("data-busy",true);const outcome=await this.#server.post(form.action,values);this.#posting=false;form.toggleAttribute("data-busy",false);this.#conclude(form,outcome);}#conclude(form,{ok,html,message}){if(!html)return this.#note(form,message||this.#failed);if(ok)this.#drafts.write(form.id,null);this.#put(html);this.focus();if(ok)this.#answered(this.#isAsking);}#note(form,text){const note=form.querySelector("[role=alert]");if(note)note.textContent=text;}#put(html){this.#swap(html);this.#refill();}#keep(target){const form=target instanceof Element?target.closest("form"):null;if(!form||!this.#root().contains(form))return;const entries=[...new FormData(form)].filter(([name])=>!OURS.has(name));this.#drafts.write(form.id,entries);}#refill(){for(const form of this.#root().querySelectorAll("form")){const kept=this.#drafts.read(form.id);if(kept)fill(form,kept);}}}
let questions;function open(parts){return(questions??=new Questions(parts));}
function fill(form,entries){for(const control of form.elements){const{name,type,value}=(control);const given=entries.filter(([other])=>other===name).map(([,given])=>given);if(type==="radio"||type==="checkbox"){(control).checked=given.includes(value);}else if(given.length&&"value"in control){control.value=given[0];}}}
function timeZone(){return Intl.DateTimeFormat().resolvedOptions().timeZone??"";}
return{Questions,open}})();
const $4=(()=>{
return{History:$0.History,Postbacks:$2.Postbacks,open:$3.open}})();
export const{History,Postbacks,open}=$4;
