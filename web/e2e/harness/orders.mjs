// A page of somebody else's site with what people type into: fields of every kind, marked places, and what a page copies
// out of its fields. Strict policy; lets in what docs/guides ask of sites, and no more.
import { createServer } from "node:http";

const style = `body { font: 16px/1.5 sans-serif; margin: 72px 20px 120px; } label { display: block; margin-block: 12px; }
.tall { block-size: 1500px; background: linear-gradient(#eef, #fff); } #pay { font: inherit; padding: 12px 24px; } .grow::after { content: attr(data-copy); visibility: hidden; }`;
const script = `const note = document.querySelector("#note"), grow = document.querySelector(".grow"), pay = document.querySelector("#pay");
note.addEventListener("input", () => { grow.dataset.copy = note.value; document.querySelector("#mirror").textContent = note.value; });
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
pay.addEventListener("click", () => { pay.textContent = "Paid"; });
document.querySelector("#more").addEventListener("click", () => { const p = document.createElement("p"); p.textContent = "A line that came later"; document.querySelector("form").append(p); });`;
const page = (house, desk) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Orders</title>
<link rel="stylesheet" href="/style.css"><script src="${house}/w/madang.js" data-desk="${desk}" async></script></head><body><main>
<h1>Your order</h1><p class="salary">salary-of-the-agent</p><p data-madang-mask>marked-as-secret</p><p data-madang-block>blocked-as-secret</p>
<form><label>Name <input id="name"></label><label>Password <input id="password" type="password"></label><label>Card <input id="card" autocomplete="cc-number"></label>
<label class="grow">Note <textarea id="note"></textarea></label><p id="mirror"></p><p id="free" contenteditable="true" aria-label="Free" role="textbox"></p><input type="hidden" value="hidden-in-the-form"><button type="button" id="more">More</button></form>
<div class="tall"></div><button id="pay">Pay now</button><div class="tall"></div></main><script src="/script.js"></script></body></html>`;

export async function openOrders(house, desk) {
  const policy = `default-src 'self'; script-src 'self' ${house}; frame-src ${house}; style-src 'self'`;
  const files = { "/": ["text/html", () => page(house, desk)], "/style.css": ["text/css", () => style], "/script.js": ["text/javascript", () => script] };
  const server = createServer((request, answer) => {
    const file = files[new URL(request.url, "http://shop").pathname];
    if (!file) return answer.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
    answer.writeHead(200, { "content-type": file[0], "content-security-policy": policy }).end(file[1]());
  });
  await new Promise((fine) => server.listen(0, "127.0.0.1", fine));
  return {
    origin: `http://localhost:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}
