// How it looks. What a site may change are the custom properties and the parts of README.md.

// Chinese breaks where a sentence pauses, not inside its words: `keep-all`.
export const styles = new CSSStyleSheet();
styles.replaceSync(`
:host {
	--saoma-card: light-dark(#fff, #1c1d1f); --saoma-text: light-dark(#16181a, #ededed);
	--saoma-quiet: light-dark(#5f666f, #a6a9ae); --saoma-soft: light-dark(#f0f2f4, #2b2d31); --saoma-line: light-dark(#868c94, #74787e);
	--saoma-accent: #07c160; --saoma-button: #067d40; --saoma-bad: light-dark(#c8302b, #ff7b72);
	color-scheme: light dark; display: block; max-width: 25em; font: 1rem/1.5 system-ui, sans-serif;
}
:host([theme=light]) { color-scheme: light }
:host([theme=dark]) { color-scheme: dark }
* { box-sizing: border-box; margin: 0; outline-offset: 2px }
[hidden] { display: none !important }
.card, .body, .form, .inside, .countries { display: flex; flex-direction: column; gap: .875em; width: 100% }
.form, .inside, .countries { gap: .5em }
.card {
	--fill: var(--saoma-own, var(--saoma-button));
	align-items: center; padding: 1.75em clamp(.75em, 6%, 2em) 1.5em; border-radius: 1em; background: var(--saoma-card);
	box-shadow: 0 1px 2px #0000000f, 0 12px 40px #00000014; color: var(--saoma-text); text-align: center; text-wrap: pretty;
}
.body { align-items: center; justify-content: center; min-height: 22em }
.body:has(> .qr) { justify-content: start }
h2 { font-size: 1.25em; line-height: 1.3; outline: 0 }
h3 { font-size: 1em }
.quiet, ::placeholder { color: var(--saoma-quiet); opacity: 1 }
h2, li, .text, .quiet, .told, .consent { text-wrap: balance; word-break: keep-all; overflow-wrap: anywhere }
.quiet { font-size: .875em; font-variant-numeric: tabular-nums }
.request { font-family: ui-monospace, monospace }
.unseen { position: absolute; top: 0; clip-path: inset(50%) }
.bone { width: 9em; min-height: 1.5em; border-radius: .5em; background: var(--saoma-soft) }
.qr > .bone { width: 100%; height: 100%; border-radius: inherit }
a { color: inherit; text-underline-offset: .2em }

.brand, .account { display: flex; align-items: center; justify-content: center; gap: .5em }
.brand { font-weight: 600 }
.logo { height: 2em; max-width: 10em; object-fit: contain }
.tabs { display: flex; width: 100%; gap: .25em; padding: .25em; border-radius: .75em; background: var(--saoma-soft) }
.tab { flex: 1; min-height: 2.75rem; padding: 0; border: 0; border-radius: .5em; background: none; color: var(--saoma-quiet); font: inherit; font-size: .875em; cursor: pointer }
.tab[aria-selected=true] { background: light-dark(var(--saoma-card), #4a4d53); color: inherit; font-weight: 600; box-shadow: 0 1px 3px #0000001f }

.qr {
	position: relative; display: grid; place-items: center; flex: none; overflow: hidden;
	width: min(calc(15rem / var(--share, .805)), 100% + 1.5em); margin-inline: -.75em; aspect-ratio: 1; border-radius: .75em;
}
.covered { background: var(--saoma-soft) }
.code { display: block; width: 100%; height: 100%; object-fit: contain }
.mark { position: absolute; width: 14%; aspect-ratio: 1; border-radius: 22%; box-shadow: 0 0 0 .25em #fff; object-fit: cover; background: #fff }
.initial { display: grid; place-items: center; background: var(--fill); color: #fff; font-size: 1.25em; font-weight: 600 }
:is(.covered, .interrupted) :is(.code, .mark) { opacity: .12 }
.cover, .qr > .notice { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: .75em; padding: 1em }
.qr:has(.code) { background: #fff; color: #16181a; --saoma-quiet: #5f666f; box-shadow: 0 0 0 1px light-dark(#e4e7ea, #fff) }
.code ~ .cover, .qr > .notice { background: radial-gradient(closest-side, #fff 60%, #fff0) }
.text:has(+ .account), .covered + .text { font-weight: 600 }
.account { color: inherit; font-size: 1em }
.face { width: 1.75em; height: 1.75em; border-radius: .375em; flex: none }
.digits { font-size: 3.5em; font-weight: 700; line-height: 1.1; letter-spacing: .12em; margin-inline-end: -.12em; font-variant-numeric: tabular-nums }
.sign { width: 3.5rem; height: 3.5rem; border-radius: 50%; background: var(--saoma-accent); color: #fff; font-size: 2rem; line-height: 3.5rem; flex: none }
.sign::before { content: "✓" / "" }
.chat::before { content: ""; display: block; height: 100%; background: #fff; mask: url('data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3 -1 56 56"><path d="M24 11a14 12 0 1 0-9 21l-2 6 7-4 4 1A13 11 0 0 1 37 21 14 12 0 0 0 24 11zM38 23a11 9 0 1 0 4 18l5 3-1-6a11 9 0 0 0-8-15z"/></svg>') center / 72% no-repeat }
.alert { background: #d98a00 }
.alert::before { content: "!" / "" }
.steps, .help ul { width: 100%; padding-inline-start: 1.4em; text-align: start }
.steps { font-size: .9375em }
.steps li + li, .help li + li { margin-top: .375em }
.help { width: 100%; font-size: .875em; color: var(--saoma-quiet); text-align: start }
.help summary { width: fit-content; min-height: 2.75rem; margin: 0 auto; padding: .75rem .5em; cursor: pointer; text-decoration: underline dotted; text-underline-offset: .25em }
.help[open] { padding: 0 .75em .75em; border-radius: .75em; background: var(--saoma-soft); color: inherit }
.more { display: inline-block; padding: .85rem .25em; font-size: .875rem }
.inside { padding-top: 1em; border-top: 1px solid var(--saoma-soft) }

.button, input, .notice { min-height: 2.75rem; padding: .6em .75em; border: 1px solid #0000; border-radius: .5em; font: inherit; color: inherit }
.button, .notice { width: 100%; background: var(--saoma-soft); text-decoration: none; text-align: center }
.button { cursor: pointer }
.button[aria-disabled=true] { color: var(--saoma-quiet); background: var(--saoma-soft); cursor: default; font-variant-numeric: tabular-nums }
.main:not([aria-disabled=true]) { background: var(--fill); color: #fff; font-weight: 600 }
.cover .button { width: auto; padding-inline: 1.5em }
.skip, .cancel, .out { background: none; color: var(--saoma-quiet) }
:not(h2):focus-visible { outline: 2px solid var(--fill) }
.form { text-align: start }
label { font-size: .875em; font-weight: 600 }
.row { display: flex; gap: .5em }
input { width: 100%; min-width: 0; border-color: var(--saoma-line); background: none; font-size: 1.0625em; outline-offset: 0 }
input[autocomplete=one-time-code] { letter-spacing: .15em; font-variant-numeric: tabular-nums }
.country { flex: none; width: auto; min-width: 4.5em; padding-inline: .75em; font-variant-numeric: tabular-nums }
.country::after { content: " ▾" / ""; font-size: .75em }
.countries { padding: .5em; border: 1px solid var(--saoma-line); border-radius: .5em }
.list { max-height: 12.5em; overflow: auto; padding: 0; list-style: none }
.option { display: flex; justify-content: space-between; align-items: center; gap: 1em; min-height: 2.75rem; padding: 0 .5em; border-radius: .375em; cursor: pointer }
.option.at { background: var(--saoma-soft) }
.option[aria-selected=true] { font-weight: 600 }
.told { min-height: 1.5em; font-size: .875em; color: var(--saoma-quiet) }
.told:empty { display: none }
[aria-invalid=true] { border-color: var(--saoma-bad) }
.told[aria-invalid=true] { color: var(--saoma-bad) }
.consent { display: flex; gap: .5em; align-items: start; padding-block: .75rem; font-weight: 400; text-align: start }
.consent [aria-invalid=true] { outline: 2px solid var(--saoma-bad) }
.consent input { flex: none; width: 1.15em; height: 1.15em; min-height: 0; margin-top: .15em; accent-color: var(--fill) }
.footer { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 1em; margin: auto 0 -.75em; font-size: .8125em; color: var(--saoma-quiet) }
.footer .legal { padding-block: .8rem }
@media (max-height: 30em) { .card { padding-top: .75em } .card, .body { gap: .5em } }
`);
