/** The mark, a ring with one gap. Its stroke takes the colour of the text around it, and the accent by itself. */
export const mark = `<svg class="mark" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" fill="none" stroke="#0f766e" stroke-width="5" stroke-linecap="round" aria-hidden="true"><path d="M20.8 5.1a12 12 0 1 0 5.6 4.9"/></svg>`;

/** The look of the host's own pages: system fonts, light and dark as the system is, a grid of 4 px. */
export const pageCss = `:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfcfc, #1c2022);
  --surface: light-dark(#ffffff, #24292b);
  --line: light-dark(#dde3e3, #3a4144);
  --text: light-dark(#1b2426, #e4e6e6);
  --quiet: light-dark(#56656a, #a3adb0);
  --accent: light-dark(#0f766e, #2dd4bf);
  --on-accent: light-dark(#ffffff, #06211f);
  --wrong: light-dark(#b42318, #ff9b8f);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
.page { max-width: 560px; margin: 0 auto; padding: 48px 20px; }
.page h1 { display: flex; align-items: center; gap: 12px; margin: 0 0 8px; font-size: 24px; line-height: 1.2; }
.page .mark path { stroke: var(--accent); }
.page p { margin: 0 0 24px; color: var(--quiet); }
.page code { font: 13px/1.5 ui-monospace, monospace; white-space: nowrap; color: var(--text); }
.page .card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.page .ways { margin: 0; padding: 0; list-style: none; }
.page .ways li + li { border-top: 1px solid var(--line); }
.page .ways a { display: block; padding: 12px 16px; color: inherit; text-decoration: none; }
.page .ways a:hover strong { text-decoration: underline; }
.page .ways strong { display: block; font-weight: 600; color: var(--accent); }
.page .ways span { color: var(--quiet); }
.page form { padding: 16px; }
.page form label { display: block; margin-bottom: 4px; font-weight: 600; }
.page .field { display: flex; flex-wrap: wrap; gap: 8px; }
.page .field input { flex: 1 1 240px; min-width: 0; padding: 8px 12px; font: inherit; color: inherit;
  background: var(--ground); border: 1px solid var(--line); border-radius: 8px; }
.page .field button { padding: 8px 16px; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
#problem { display: block; color: var(--wrong); }
#problem:not(:empty) { margin-top: 8px; }
.page[hidden] { display: none; }
@media (max-width: 600px) { body { font-size: 16px; } .page { padding-top: 24px; } }
`;
