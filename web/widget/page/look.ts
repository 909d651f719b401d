// How the bar and what is asked look on the visitor's page, as one constructed sheet.
import { marks } from "./ink";

export const look = `
:host { all: initial; font: 500 15px/1.35 -apple-system, BlinkMacSystemFont, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", system-ui, sans-serif }
@media print { :host { display: none } }
.over { position: fixed; inset: 0; inline-size: 100%; block-size: 100%; z-index: 2147482900; pointer-events: none; overflow: visible }
.edge { position: fixed; inset: 0; z-index: 2147482900; pointer-events: none; border: 3px solid #c8281c; box-sizing: border-box }
.bar {
  position: fixed; inset-block-start: 0; inset-inline: 0; z-index: 2147482901; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px;
  padding: calc(4px + env(safe-area-inset-top)) max(12px, env(safe-area-inset-right)) 4px max(12px, env(safe-area-inset-left)); background: #c8281c; color: #fff
}
.said { flex: 1 1 12rem; min-inline-size: 0; margin: 0 }
@media (max-width: 480px) { .said { flex-basis: 6rem; font-size: 13px } .bar button { padding-inline: 10px } }
.dot { display: inline-block; inline-size: 10px; block-size: 10px; margin-inline-end: 8px; border-radius: 50%; background: #fff; animation: blink 1.6s ease-in-out infinite }
.paused .dot { animation: none; background: none; box-shadow: inset 0 0 0 2px #fff }
.paused.bar { background: #5b5f5c } .paused.edge { border-color: #5b5f5c }
button { font: inherit; font-weight: 650; min-block-size: 44px; padding: 4px 14px; border: 0; border-radius: 10px; cursor: pointer; touch-action: manipulation; background: #ffffff26; color: #fff }
button:hover { background: #ffffff40 }
.stop { background: #fff; color: #a81f15 } .stop:hover { background: #ffe9e7 }
:focus-visible { outline: 3px solid #fff; outline-offset: -4px; box-shadow: 0 0 0 3px #175a9e }
.asks {
  position: fixed; z-index: 2147482902; box-sizing: border-box; inline-size: max-content; max-inline-size: min(20rem, calc(100vw - 24px)); padding: 12px; display: grid; gap: 10px;
  border-radius: 14px; background: #fff; color: #1b201d; box-shadow: 0 0 0 1px #0002, 0 8px 32px #0005
}
.asks p { margin: 0 }
.asks div { display: flex; gap: 8px; flex-wrap: wrap }
.asks button { flex: 1; background: #eceae3; color: #1b201d } .asks .yes { background: #0b6652; color: #fff }
@keyframes blink { 50% { opacity: .25 } }
@media (prefers-reduced-motion: reduce) { .dot { animation: none } }
@media (prefers-color-scheme: dark) { .asks { background: #1d2320; color: #edf0eb } .asks button { background: #323a36; color: #edf0eb } .asks .yes { background: #7ed0b5; color: #08231b } }
${marks}`;
