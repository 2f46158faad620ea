// How the account page looks, beside what all cards have.

export const accountStyles = new CSSStyleSheet();
accountStyles.replaceSync(`
.card.wide { align-items: stretch; text-align: start; padding-inline: clamp(1em, 6%, 2em) }
.wide > .body { align-items: stretch; min-height: 0 }
.wide h3 { word-break: keep-all }
.wide h3 + .steps { margin-top: -.5em }
saoma-login { max-width: none }
saoma-login::part(card) { padding: 0; box-shadow: none }
saoma-login::part(account) { display: none }
.part { display: flex; flex-direction: column; gap: .5em; padding-top: .875em; border-top: 1px solid var(--saoma-soft) }
.part .row .button { padding-inline: .25em }
.rows { padding: 0; list-style: none }
.entry { display: flex; align-items: center; justify-content: space-between; gap: 1em; min-height: 2.75rem; padding: .25em 0 }
.entry > div { min-width: 0; overflow-wrap: anywhere }
.small { flex: none; width: auto; padding-block: 0; font-size: .875em }
.told .small { margin-inline-start: .5em; font-size: 1em; color: var(--saoma-text) }
.danger:not([aria-disabled=true]) { background: light-dark(#c8302b, #b3261e) }
.erase { color: var(--saoma-bad) }
.conflict { padding: .75em 1em; text-align: start }
.conflict .button { margin-top: .5em; background: light-dark(var(--saoma-card), #4a4d53) }
.done { color: light-dark(#067d40, #4ad07f) }
.wrong { color: var(--saoma-bad) }
`);
