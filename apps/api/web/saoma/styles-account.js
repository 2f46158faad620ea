// How the account page looks, beside what all cards have.

export const accountStyles = new CSSStyleSheet();
accountStyles.replaceSync(`
.card.wide { align-items: stretch; text-align: start; padding-inline: clamp(1em, 6%, 2em) }
.wide > .body { align-items: stretch; justify-content: start }
saoma-login { margin: 0 auto; width: 100% }
saoma-login::part(card) { padding-block: 0; box-shadow: none }
.part { padding-top: .75em; border-top: 1px solid var(--saoma-soft) }
.part h3 { margin-bottom: .25em }
.rows { padding: 0; list-style: none }
.entry { display: flex; align-items: center; justify-content: space-between; gap: 1em; padding: .5em 0 }
.entry > div { min-width: 0; overflow-wrap: anywhere }
.small { flex: none; width: auto; padding-block: 0; font-size: .875em }
.danger:not([aria-disabled=true]) { background: light-dark(#c8302b, #b3261e) }
.erase { color: var(--saoma-bad) }
.conflict { padding: .75em 1em; text-align: start }
.conflict .button { margin-top: .5em; background: var(--saoma-card) }
.done { color: light-dark(#067d40, #4ad07f) }
.wrong { color: var(--saoma-bad) }
`);
