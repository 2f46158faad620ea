// The form in which a person whom only WeChat knows confirms a phone number.

import { clock, problemText, text } from './texts.js';
import { announce, countDown, el, heading } from './views.js';

// More digits than any code has: what is pasted around it ("your code: …") falls away.
const CODE_DIGITS = 8;
// Problems that belong to the number; the others belong to the code.
const OF_THE_NUMBER = new Set(['phone_invalid', 'phone_taken', 'sms_unavailable']);

/** The phone form. `actions`: `sendCode(phone)`, `bind(phone, code)`, `cancel()`, which throw problems. */
export function phoneView({ until }, actions) {
  const form = new PhoneForm(actions);
  const left = el('p', { class: 'quiet', role: 'timer' });
  countDown(left, until, (time) => text('time_left', { time }));
  const nodes = [heading(text('phone_title')), el('p', { class: 'note' }, text('phone_why')), form.node, left];
  return { nodes, focus: form.number, say: `${text('phone_title')}. ${text('phone_why')}` };
}

class PhoneForm {
  constructor(actions) {
    this.actions = actions;
    this.busy = false;
    this.wait = 0;
    this.country = field({ 'aria-label': text('country'), value: '+86', autocomplete: 'tel-country-code', size: 4 }, 'tel');
    this.number = field({ 'aria-label': text('phone'), placeholder: text('phone'), autocomplete: 'tel-national' }, 'tel');
    this.code = field({ 'aria-label': text('code'), placeholder: text('code'), autocomplete: 'one-time-code', input: () => this.cleanCode() }, 'numeric');
    this.send = el('button', { type: 'button', class: 'link', click: () => this.sendCode() }, text('send_code'));
    this.submit = el('button', { type: 'submit', class: 'main' }, text('log_in'));
    this.error = el('p', { class: 'error', id: 'error' });
    this.node = el('form', { noValidate: true, submit: (event) => this.onSubmit(event) },
      el('div', { class: 'row' }, this.country, this.number),
      el('div', { class: 'row' }, this.code, this.send),
      this.error,
      this.submit,
      el('button', { type: 'button', click: () => this.run(() => actions.cancel()) }, text('cancel')));
  }

  /** The number with its country code; one that was filled in with a `+` stands as it is. */
  get phone() {
    const number = this.number.value.trim();
    if (number.startsWith('+')) return `+${digits(number)}`;
    return `+${digits(this.country.value)}${digits(number)}`;
  }

  cleanCode() {
    const clean = digits(this.code.value).slice(0, CODE_DIGITS);
    if (clean !== this.code.value) this.code.value = clean;
  }

  onSubmit(event) {
    event.preventDefault();
    if (!this.sent && !this.code.value) return this.sendCode();
    if (!this.code.value) return this.complain({ code: 'sms_code_missing' });
    return this.run(() => this.actions.bind(this.phone, this.code.value));
  }

  sendCode() {
    if (this.send.getAttribute('aria-disabled') === 'true') return undefined;
    if (!digits(this.number.value)) return this.complain({ code: 'phone_invalid' });
    return this.run(async () => {
      const { resend_in: seconds } = await this.actions.sendCode(this.phone);
      this.sent = true;
      this.holdSend(seconds);
      this.code.value = '';
      this.code.focus();
      this.tell(text('code_sent', { phone: this.phone }));
    });
  }

  /** Keeps the button from sending for so long. It stays focusable, so that the keyboard does not lose its place. */
  holdSend(seconds) {
    this.send.setAttribute('aria-disabled', 'true');
    countDown(this.send, Date.now() + seconds * 1000, (time) => text('resend_in', { time }), () => {
      this.send.textContent = text('send_code');
      this.send.removeAttribute('aria-disabled');
    });
  }

  /** Does one thing at a time and shows what went wrong with it. */
  async run(work) {
    if (this.busy) return;
    this.busy = true;
    this.node.setAttribute('aria-busy', 'true');
    this.tell('');
    try {
      await work();
    } catch (problem) {
      this.complain(problem);
    } finally {
      this.busy = false;
      this.node.removeAttribute('aria-busy');
    }
  }

  tell(words) {
    for (const input of [this.number, this.code]) input.removeAttribute('aria-invalid');
    this.error.className = 'told';
    this.error.textContent = words;
    announce(words);
  }

  complain(problem) {
    const limited = problem.code === 'rate_limited' && problem.retryAfter > 0;
    const when = limited ? ` ${text('retry_in', { time: clock(problem.retryAfter) })}` : '';
    this.tell(problemText(problem) + when);
    this.error.className = 'error';
    if (limited && !this.code.value) this.holdSend(problem.retryAfter);
    const wrong = OF_THE_NUMBER.has(problem.code) ? this.number : this.code;
    if (problem.code.startsWith('phone_') || problem.code.startsWith('sms_code_')) {
      wrong.setAttribute('aria-invalid', 'true');
      wrong.focus();
      wrong.select();
    }
  }
}

function field(properties, inputMode) {
  return el('input', { type: inputMode === 'tel' ? 'tel' : 'text', inputMode, 'aria-describedby': 'error', ...properties });
}

const digits = (value) => value.replace(/\D/g, '');
