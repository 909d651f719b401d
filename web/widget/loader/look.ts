// How the button and the panel look, as one constructed sheet: nothing of the site's styles comes in, and its policy
// needs no word for ours. The element itself stands in the page, whose rules for it would win (CSS Scoping 1, 3.3) if
// ours did not insist. Colours are those of src/app/tokens.css; the button has the same in a light and a dark page.
export const look = `
:host {
  all: initial !important; position: fixed !important; z-index: 2147483000 !important; display: block !important;
  inset-block-end: calc(16px + env(safe-area-inset-bottom)) !important; inset-inline-end: calc(16px + env(safe-area-inset-right)) !important;
  font: 600 16px/1.25 -apple-system, BlinkMacSystemFont, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", system-ui, sans-serif !important;
}
@media print { :host { display: none !important } }
[hidden] { display: none !important }
button { font: inherit; cursor: pointer; touch-action: manipulation }
.ask {
  display: flex; align-items: center; gap: 8px; min-block-size: 52px; padding: 8px 20px 8px 16px; border: 0; border-radius: 26px;
  background: #0b6652; color: #fff; box-shadow: 0 4px 16px #0004; transition: transform .12s;
}
.ask:hover { background: #0a5a48 }
.ask:active { transform: scale(.97) }
:focus-visible { outline: 3px solid #175a9e; outline-offset: 2px; box-shadow: 0 0 0 2px #fff }
svg { inline-size: 24px; block-size: 24px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round }
.count { min-inline-size: 24px; padding: 2px 6px; box-sizing: border-box; border-radius: 12px; background: #fff; color: #a93f06; font-size: 14px; text-align: center }
.panel {
  position: relative; box-sizing: border-box; inline-size: 400px; block-size: 680px; max-inline-size: calc(100vw - 32px); max-block-size: calc(100dvh - 32px);
  overflow: hidden; border-radius: 20px; background: #faf8f3; color: #1b201d; box-shadow: 0 8px 40px #0005; animation: come .18s cubic-bezier(.2,.8,.2,1);
}
iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; color-scheme: normal }
.wait { position: absolute; z-index: 1; inset: 0; background: inherit; display: grid; place-content: center; padding: 32px; text-align: center; font-weight: 400 }
.wait a { color: #175a9e }
.shut { position: absolute; z-index: 2; inset-block-start: 8px; inset-inline-end: 8px; min-block-size: 44px; padding: 0 16px; border: 0; border-radius: 10px; background: none; color: #0b6652 }
:host([small]) .panel { inline-size: 216px; block-size: 168px; border-radius: 14px }
@media (max-width: 600px), (max-height: 460px) {
  :host(:not([small])) .panel { position: fixed; inset: 0; inline-size: 100%; block-size: 100dvh; max-inline-size: none; max-block-size: none; border-radius: 0 }
}
@media (prefers-color-scheme: dark) {
  .panel { background: #111513; color: #edf0eb }
  .shut { color: #7ed0b5 }
  .wait a { color: #8fc3ff }
}
@media (prefers-reduced-motion: reduce) { .ask, .panel { transition: none; animation: none } }
@keyframes come { from { transform: translateY(12px); opacity: 0 } }
`;
