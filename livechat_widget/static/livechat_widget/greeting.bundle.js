// @ts-nocheck: made by manage.py livechat_bundle
const $0=(()=>{const TIMEOUT=15_000;const PASSING=new Set([408,425,429]);class Server{#headers;#fetch;constructor(token,fetch=(url,how)=>globalThis.fetch(url,how)){this.#headers={Authorization:`Bearer ${token}`};this.#fetch=fetch;}
async post(url,values){const body=new URLSearchParams((values));const response=await this.#ask(url,{method:"POST",body});const html=(response&&(await htmlOf(response)))??"";const status=response?.status??0;return{ok:response?.ok??false,held:status===0||status>=500||PASSING.has(status),unauthorized:status===401,message:response&&!response.ok&&!html?await messageOf(response):"",html,};}
async get(url){const response=await this.#ask(url,{});if(!response?.ok)return null;return(await htmlOf(response))??response.json().catch(()=>null);}#ask(url,how){const credentials=("omit");const signal=AbortSignal.timeout(TIMEOUT);const all={...how,headers:this.#headers,credentials,signal};return this.#fetch(url,all).catch(()=>null);}}
async function htmlOf(response){if(!response.headers.get("Content-Type")?.startsWith("text/html"))return null;return response.text().catch(()=>null);}
async function messageOf(response){const body=await response.json().catch(()=>null);return String(body?.error?.message??"");}
return{Server}})();
const $1=(()=>{const{Server}=$0;const data=(document.body.dataset);const server=new Server(data.token);let port=null;let over=false;function tell(type){port?.postMessage({type,height:Math.ceil(document.body.getBoundingClientRect().height)});}
async function end(outcome){if(over)return;over=true;await server.post(outcome==="accepted"?data.acceptUrl:data.cancelUrl,{});tell(outcome);}
async function heedClick({target}){const found=target instanceof Element?target.closest("button, [data-lc-postback]"):null;if(!found)return;const{lcPostback,lcCancel,type}=(found).dataset;if(lcPostback)await server.post(data.pressUrl,{button_id:lcPostback});if(found.localName==="a")return;end(lcCancel!==undefined||type==="cancel"?"canceled":"accepted");}
addEventListener("message",({source,data,ports:[opened]})=>{if(port||source!==window.parent||data?.livechat!=="port"||!opened)return;port=opened;tell("size");});new ResizeObserver(()=>tell("size")).observe(document.body);document.addEventListener("click",heedClick);document.addEventListener("keydown",({key})=>key==="Escape"&&end("canceled"));
})();
