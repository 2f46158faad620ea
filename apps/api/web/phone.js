// The form in which a person whom only WeChat knows confirms a phone number.

import { clock, problemText, text } from './texts.js';
import { announce, countDown, el, heading, timer } from './views.js';

// More digits than any code has: what is pasted around it ("your code: …") falls away.
const CODE_DIGITS = 8;
// The field in which a problem can be mended.
const FIELD_OF = {
  phone_invalid: 'number',
  phone_taken: 'number',
  sms_code_missing: 'code',
  sms_code_wrong: 'code',
  sms_code_expired: 'code',
};

/** The phone form. `actions`: `sendCode(phone)`, `bind(phone, code)`, `cancel()`, which throw problems. */
export function phoneView({ until }, actions) {
  const form = new PhoneForm(actions);
  const [title, why] = [text('phone_title'), text('phone_why')];
  const nodes = [heading(title), el('p', { class: 'note' }, why), form.node, timer(until, 'time_left')];
  return { nodes, focus: form.number, say: `${title}. ${why}` };
}

class PhoneForm {
  constructor(actions) {
    this.actions = actions;
    this.busy = false;
    this.sent = false;
    this.stopCount = () => {};
    this.country = field({ 'aria-label': text('country'), value: '+86', autocomplete: 'tel-country-code', size: 4 }, 'tel');
    this.number = field({ 'aria-label': text('phone'), placeholder: text('phone'), autocomplete: 'tel-national' }, 'tel');
    this.code = field({ 'aria-label': text('code'), placeholder: text('code'), autocomplete: 'one-time-code' }, 'numeric');
    this.code.addEventListener('input', () => this.cleanCode());
    for (const input of [this.country, this.number]) input.addEventListener('input', () => this.freeSend());
    this.send = el('button', { type: 'button', class: 'link', click: () => this.sendCode() }, text('send_code'));
    this.told = el('p', { class: 'told', id: 'told' });
    this.node = el('form', { noValidate: true, submit: (event) => this.onSubmit(event) },
      el('div', { class: 'row' }, this.country, this.number),
      el('div', { class: 'row' }, this.code, this.send),
      this.told,
      el('button', { type: 'submit', class: 'main' }, text('log_in')),
      el('button', { type: 'button', click: () => this.run(() => actions.cancel()) }, text('cancel')));
  }

  /** The number with its country code; one that was filled in with a `+` stands as it is. */
  get phone() {
    const number = this.number.value.trim();
    return `+${digits(number.startsWith('+') ? number : this.country.value + number)}`;
  }

  cleanCode() {
    this.code.value = digits(this.code.value).slice(0, CODE_DIGITS);
  }

  onSubmit(event) {
    event.preventDefault();
    if (!this.code.value && !this.sent) return this.held ? this.code.focus() : this.sendCode();
    if (!this.code.value) return this.complain({ code: 'sms_code_missing' });
    return this.run(() => this.actions.bind(this.phone, this.code.value));
  }

  get held() {
    return this.send.getAttribute('aria-disabled') === 'true';
  }

  sendCode() {
    if (this.held) return undefined;
    if (!digits(this.number.value)) return this.complain({ code: 'phone_invalid' });
    return this.run(async () => {
      const sent = await this.actions.sendCode(this.phone);
      if (!sent) return;
      this.sent = true;
      this.holdSend(sent.resend_in);
      this.code.value = '';
      this.code.focus();
      this.tell(text('code_sent', { phone: this.phone }));
    }, true);
  }

  /** Keeps the button from sending for so long; it stays focusable, so that the keyboard keeps its place. */
  holdSend(seconds) {
    this.send.setAttribute('aria-disabled', 'true');
    this.stopCount();
    this.stopCount = countDown(this.send, Date.now() + seconds * 1000, 'resend_in', 'send_code', () => {
      this.send.removeAttribute('aria-disabled');
    });
  }

  /** Lets another number have its code at once: most limits are for a number. */
  freeSend() {
    this.stopCount();
    this.sent = false;
    this.send.removeAttribute('aria-disabled');
    this.send.textContent = text('send_code');
  }

  /** Does one thing at a time and shows what went wrong with it. When it `sends`, the button knows when to try again. */
  async run(work, sends = false) {
    if (this.busy) return;
    this.busy = true;
    this.node.setAttribute('aria-busy', 'true');
    this.tell('');
    try {
      await work();
    } catch (problem) {
      const held = sends && problem.retryAfter > 0;
      if (held) this.holdSend(problem.retryAfter);
      this.complain(problem, held);
    } finally {
      this.busy = false;
      this.node.removeAttribute('aria-busy');
    }
  }

  tell(words) {
    for (const input of [this.number, this.code]) input.removeAttribute('aria-invalid');
    this.told.className = 'told';
    this.told.textContent = words;
    announce(words);
  }

  /** Shows a problem, and when to try again unless that is `counted` down elsewhere. */
  complain(problem, counted = false) {
    const limited = problem.code === 'rate_limited' && problem.retryAfter > 0 && !counted;
    const when = limited ? ` ${text('wait_for', { time: clock(problem.retryAfter) })}` : '';
    this.tell(problemText(problem) + when);
    this.told.className = 'told error';
    const wrong = this[FIELD_OF[problem.code]];
    if (!wrong) return;
    wrong.setAttribute('aria-invalid', 'true');
    wrong.focus();
    wrong.select();
  }
}

function field(properties, inputMode) {
  return el('input', { type: inputMode === 'tel' ? 'tel' : 'text', inputMode, 'aria-describedby': 'told', ...properties });
}

const digits = (value) => value.replace(/\D/g, '');
