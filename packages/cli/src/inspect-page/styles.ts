/** Colours are of WCAG's level AA on both grounds. */
export const styles = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f5f6f8; --line: #d9dce1; --text: #16191d; --quiet: #5a626c;
  --accent: #1a56c4; --chosen: #e4edfc; --good: #1b7038; --poor: #8a5a00; --bad: #b3261e; --key: #7a3e9d; --string: #1b6e3c;
  --literal: #1a56c4; --warn: #fff6e0; --warn-line: #e0b64a }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171b; --raised: #1d2127; --line: #343a43; --text: #e8eaed; --quiet: #a3abb6; --accent: #8ab4f8;
    --chosen: #21324d; --good: #7ed798; --poor: #f0be5c; --bad: #ff8f87; --key: #d3a6f0; --string: #8fd8a5;
    --literal: #8ab4f8; --warn: #2e2717; --warn-line: #7d6426 }
}
* { box-sizing: border-box }
[hidden], .hidden { display: none !important }
html, body { height: 100%; margin: 0 }
body { display: flex; flex-direction: column; background: var(--ground); color: var(--text);
  font: 14px/1.45 system-ui, sans-serif; overflow: hidden }
h1, h2, h3, p { margin: 0 }
h1 { font-size: 15px; font-weight: 600; white-space: nowrap }
h2 { font: 600 15px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
h3 { font-size: 12px; font-weight: 600; color: var(--quiet); margin: 16px 0 6px }
button, input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
  padding: 5px 10px; min-height: 32px }
button { cursor: pointer; white-space: nowrap }
button:hover:not(:disabled) { background: var(--raised); border-color: var(--quiet) }
button:disabled { color: var(--quiet); cursor: not-allowed }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding: 8px 16px; background: var(--raised);
  border-bottom: 1px solid var(--line) }
.count { font-weight: 400; color: var(--quiet); font-variant-numeric: tabular-nums }
.live { font-size: 12px; color: var(--quiet) }
.live::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-inline-end: 6px; border-radius: 50%;
  background: var(--quiet) }
.live.on::before { background: var(--good) }
.live.off { color: var(--bad) }
.live.off::before { background: var(--bad) }
.tools { display: flex; gap: 8px; margin-inline-start: auto; flex: 0 1 460px; min-width: 0 }
.tools input { flex: 1; min-width: 0 }
main { flex: 1; display: grid; grid-template-columns: minmax(300px, 2fr) 3fr; min-height: 0 }
.list-side { display: flex; flex-direction: column; min-width: 0; min-height: 0; border-inline-end: 1px solid var(--line) }
#list { flex: 0 1 auto; overflow-y: auto }
#list:focus-visible { outline-offset: -2px }
.row { display: grid; grid-template-columns: 44px minmax(0, 1fr) auto; gap: 0 8px; padding: 7px 16px 7px 12px; cursor: pointer;
  border-bottom: 1px solid var(--line); border-inline-start: 4px solid transparent }
.row:hover { background: var(--raised) }
.row[aria-selected=true] { background: var(--chosen); border-inline-start-color: var(--accent) }
.status { grid-row: span 2; font-weight: 600; font-variant-numeric: tabular-nums }
.good .status { color: var(--good) }
.poor .status { color: var(--poor) }
.bad .status { color: var(--bad) }
.running .status, .gone .status { color: var(--quiet) }
.row .method { grid-column: 2; grid-row: 1; font-size: 12px; color: var(--quiet); align-self: end }
.row .target { grid-column: 2; grid-row: 2; font-family: ui-monospace, monospace; font-size: 13px; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap }
.row .marks { grid-column: 2; grid-row: 3; font-size: 12px; color: var(--poor) }
.row .marks:empty { display: none }
.row .at, .row .duration { grid-column: 3; justify-self: end; font-size: 12px; color: var(--quiet);
  font-variant-numeric: tabular-nums }
.row .at { grid-row: 1 }
.row .duration { grid-row: 2; align-self: center }
.empty { padding: 32px 20px; color: var(--quiet); text-align: center }
.detail-side { overflow-y: auto; padding: 12px 20px 40px; min-width: 0 }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 12px }
.back { display: none }
h2:focus { outline: none }
h2 .method { color: var(--accent) }
.badges { display: flex; flex-wrap: wrap; gap: 6px; margin: 6px 0 12px }
.badge { font-size: 12px; padding: 1px 8px; border: 1px solid var(--line); border-radius: 10px; color: var(--quiet) }
.warnings { background: var(--warn); border: 1px solid var(--warn-line); border-radius: 6px; padding: 8px 12px;
  margin-bottom: 12px; overflow-wrap: anywhere }
.warnings h3 { margin: 0 0 4px; color: inherit }
.warnings ul { margin: 0; padding-inline-start: 18px }
[role=tablist] { display: flex; flex-wrap: wrap; border-bottom: 1px solid var(--line) }
[role=tab] { border: 0; border-bottom: 2px solid transparent; border-radius: 0; background: none; padding: 6px 10px }
[role=tab][aria-selected=true] { border-bottom-color: var(--accent); color: var(--accent); font-weight: 600 }
[role=tabpanel] { padding-top: 12px }
[role=tabpanel] > h3:first-child { margin-top: 0 }
pre { margin: 0; padding: 10px 12px; background: var(--raised); border-radius: 6px; font: 12.5px/1.5 ui-monospace, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere }
.json-key { color: var(--key) }
.json-string { color: var(--string) }
.json-literal { color: var(--literal) }
.note { color: var(--quiet); font-size: 12px; margin-bottom: 6px }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 13px }
th { text-align: start; font-weight: 400; color: var(--quiet); vertical-align: top; width: 34%; padding: 3px 12px 3px 0;
  overflow-wrap: anywhere }
td { padding: 3px 0; vertical-align: top; overflow-wrap: anywhere }
.fields td { font-family: ui-monospace, monospace; font-size: 12.5px }
.bars { margin-top: 12px }
.number { width: 90px; text-align: end; font-variant-numeric: tabular-nums }
.bar-cell { vertical-align: middle }
.fill { display: block; height: 10px; border-radius: 3px; background: var(--accent) }
.picture { display: block; max-width: 100%; border: 1px solid var(--line); border-radius: 6px }
.notice { position: fixed; inset-block-end: 16px; inset-inline: 0; width: fit-content; max-width: calc(100% - 32px);
  margin-inline: auto; padding: 8px 16px; background: var(--text); color: var(--ground); border-radius: 6px }
.notice:empty { display: none }
@media (max-width: 760px) {
  main { display: block; overflow-y: auto }
  .bar { padding: 8px 12px }
  .tools { flex-basis: 100%; margin: 0 }
  .list-side { border: 0 }
  #list { overflow: visible }
  .detail-side { display: none; padding: 12px 12px 60px; overflow: visible }
  .chosen .list-side { display: none }
  .chosen .detail-side { display: block }
  .back { display: inline-block }
  button, input { min-height: 40px }
  .actions { gap: 6px }
  .actions button { font-size: 13px; padding: 5px 7px }
  [role=tab] { flex: 1; padding: 6px 2px; font-size: 13px }
  th { width: 40% }
}
@media (forced-colors: active) { .row[aria-selected=true], .fill { forced-color-adjust: none; background: Highlight; color: HighlightText } }
`
