/** What the element is at. */
export type SaomaState =
  | 'loading' // nothing to show yet
  | 'loop' // a QR code waits to be scanned, or to be confirmed where `scanned` is true
  | 'unregistered' // WeChat says who it is; the phone number is asked for
  | 'registered' // the person is logged in
  | 'expired' // over without a session: time is up, cancelled, refused
  | 'door' // a button leads to WeChat's own page
  | 'sms' // the phone number is asked for, without a scan before
  | 'consent' // nothing goes on before the person agrees to the terms
  | 'account' // of <saoma-user>: the account
  | 'signed-out' // of <saoma-user>: nobody is logged in
  | 'trouble' // a call failed; the next try comes by itself
  | 'failed'; // a call failed for good

/** The state, with what the API says about the login where there is one. */
export interface SaomaStateDetail {
  state: SaomaState;
  id?: string;
  version?: number;
  scanned?: boolean;
  expires_in?: number;
  /** Why it is `expired`: `timeout`, `cancelled`, `denied`, or the code of a problem. */
  reason?: string;
}

/** Whose session it is, as `GET /v1/session` says. Never a token. */
export interface SaomaAccount {
  id: string;
  phone: string | null;
  created_at: string;
  nickname?: string | null;
  avatar_url?: string | null;
  identities: { id: string; app: string; channel: string; nickname: string | null; avatar_url: string | null }[];
}

/** The API's word for a problem, or `offline`; `status` is 0 where there was no answer. */
export interface SaomaErrorDetail {
  code: string;
  status: number;
  request_id?: string;
}

export interface SaomaEventMap {
  'saoma:state': CustomEvent<SaomaStateDetail>;
  /** Cancel it to keep the page from going to `return-to`. */
  'saoma:login': CustomEvent<SaomaAccount>;
  /** Of `<saoma-user>`: the person is not logged in, or not any more. */
  'saoma:logout': CustomEvent<void>;
  'saoma:error': CustomEvent<SaomaErrorDetail>;
}

/** What the attributes of `<saoma-login>` take; README.md says what they mean. */
export interface SaomaLoginAttributes {
  api?: string;
  channel?: 'auto' | 'official_account' | 'website' | 'in_wechat' | 'mini_program_code' | 'sms';
  channels?: string;
  app?: string;
  purpose?: string;
  lang?: string;
  theme?: 'light' | 'dark' | 'auto';
  'return-to'?: string;
  panel?: string;
  focus?: 'auto';
  renew?: '';
}

/** What the attributes of `<saoma-user>` take. */
export interface SaomaUserAttributes {
  api?: string;
  lang?: string;
  theme?: 'light' | 'dark' | 'auto';
  focus?: 'auto';
}

export class SaomaLogin extends HTMLElement {
  /** Texts in place of the element's own, by the keys of `texts/en.js`. To be set before it is drawn. */
  texts?: Record<string, string>;
  /** What `GET /v1/page` answers, where the page has it already. To be set before it is drawn. */
  page?: object;
  /** Shows Alibaba Cloud's captcha where the service asks for it, and returns its `captcha_verify_param`. */
  captcha?: (challenge: { prefix: string; scene_id: string; region: string }) => Promise<string>;

  addEventListener<K extends keyof SaomaEventMap>(
    type: K,
    listener: (this: SaomaLogin, event: SaomaEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** The account of who is logged in: ways in, phone number, devices, data. */
export class SaomaUser extends HTMLElement {
  /** Like those of `SaomaLogin`. */
  texts?: Record<string, string>;
  page?: object;
}

declare global {
  interface HTMLElementTagNameMap {
    'saoma-user': SaomaUser;
    'saoma-login': SaomaLogin;
  }
}
