// Every text of the page, in its two languages. `{word}` is filled in.

const EN = {
  title: 'Log in with WeChat',
  loading: 'Loading the QR code',
  qr_alt: 'QR code to scan with WeChat',
  scan: 'Scan with WeChat',
  scan_new: 'New here? Then tap Follow.',
  valid_for: 'Valid for {time}',
  scanned: 'Scanned',
  confirm: 'Confirm on your phone',

  phone_title: 'Your phone number',
  phone_why: 'First time here? Confirm your number to finish.',
  country: 'Country code',
  phone: 'Phone number',
  code: 'SMS code',
  send_code: 'Send code',
  resend_in: 'Again in {time}',
  code_sent: 'Code sent to {phone}.',
  log_in: 'Log in',
  cancel: 'Cancel',
  time_left: 'Time left: {time}',

  welcome: 'You are logged in',
  account_phone: 'Phone',
  account_id: 'Account',
  logged_in_since: 'Logged in since',
  account_since: 'Member since',
  identities: 'WeChat',
  channel_official_account: 'Service account',
  channel_website: 'Website',
  channel_in_wechat: 'Inside WeChat',
  channel_mini_program: 'Mini program',
  not_you: 'Not you? Log out and scan with your own WeChat.',
  log_out: 'Log out',
  go_on: 'Continue',
  leaving: 'Logged in. Taking you back…',

  expired_timeout: 'The QR code has expired',
  expired_phone: 'Time is up',
  expired_cancelled: 'The login was cancelled',
  expired_denied: 'The login was refused on the phone',
  expired_lost: 'This login is over',
  expired_lost_why: 'If it happens again, please allow cookies.',
  expired_why: 'Get a new code and scan it with WeChat.',
  renew: 'Get a new code',

  trouble: 'One moment, please',
  failed: 'This did not work',
  wait_for: 'Possible again in {time}.',
  retry_in: 'Trying again in {time}',
  retrying: 'Trying again…',
  retry: 'Try again',
  reference: 'Reference: {id}',

  error_offline: 'No connection to the server.',
  error_internal: 'The server has a problem.',
  error_store_unavailable: 'The server is not ready.',
  error_wechat_unavailable: 'WeChat does not answer.',
  error_wechat_refused: 'WeChat refuses this site. Its operator can help.',
  error_app_unknown: 'Login with WeChat is not set up on this site.',
  error_origin_refused: 'Please log in at the site’s own address.',
  error_account_disabled: 'This account is blocked.',
  error_rate_limited: 'Too many tries.',
  error_phone_invalid: 'Please check the phone number.',
  error_phone_taken: 'This number is already linked to another WeChat.',
  error_sms_code_wrong: 'That is not the code. Tries left: {left}',
  error_sms_code_used_up: 'Wrong too often. Send a new code.',
  error_sms_code_missing: 'Enter the code from the SMS.',
  error_sms_code_expired: 'The code is no longer valid. Send a new one.',
  error_sms_unavailable: 'The SMS could not be sent.',
};

const ZH = {
  title: '微信登录',
  loading: '正在加载二维码',
  qr_alt: '微信登录二维码',
  scan: '打开微信扫一扫',
  scan_new: '首次登录，请点击“关注”',
  valid_for: '{time} 后过期',
  scanned: '扫描成功',
  confirm: '请在手机上确认登录',

  phone_title: '绑定手机号',
  phone_why: '首次登录，请验证手机号。',
  country: '国家或地区代码',
  phone: '手机号',
  code: '短信验证码',
  send_code: '获取验证码',
  resend_in: '{time} 后重发',
  code_sent: '验证码已发送至 {phone}。',
  log_in: '登录',
  cancel: '取消',
  time_left: '剩余时间 {time}',

  welcome: '登录成功',
  account_phone: '手机号',
  account_id: '账号',
  logged_in_since: '登录时间',
  account_since: '注册时间',
  identities: '微信',
  channel_official_account: '服务号',
  channel_website: '网站应用',
  channel_in_wechat: '微信内网页',
  channel_mini_program: '小程序',
  not_you: '不是你？请退出后用自己的微信扫码。',
  log_out: '退出登录',
  go_on: '继续',
  leaving: '登录成功，正在跳转…',

  expired_timeout: '二维码已过期',
  expired_phone: '操作超时',
  expired_cancelled: '登录已取消',
  expired_denied: '你已在手机上拒绝登录',
  expired_lost: '本次登录已失效',
  expired_lost_why: '如果反复出现，请允许本网站使用 Cookie。',
  expired_why: '请获取新的二维码，并用微信扫一扫。',
  renew: '刷新二维码',

  trouble: '请稍候',
  failed: '暂时无法登录',
  wait_for: '{time} 后可再试。',
  retry_in: '{time} 后重试',
  retrying: '正在重试…',
  retry: '重试',
  reference: '编号：{id}',

  error_offline: '无法连接服务器。',
  error_internal: '服务器出现问题。',
  error_store_unavailable: '服务器暂时不可用。',
  error_wechat_unavailable: '微信暂时没有响应。',
  error_wechat_refused: '微信拒绝了本网站的请求，请联系网站管理员。',
  error_app_unknown: '本网站尚未开通微信登录。',
  error_origin_refused: '当前地址不能用于登录，请使用网站的正式地址。',
  error_account_disabled: '该账号已被停用。',
  error_rate_limited: '操作过于频繁，请稍后再试。',
  error_phone_invalid: '手机号无效，请检查后重新输入。',
  error_phone_taken: '该手机号已绑定其他微信。',
  error_sms_code_wrong: '验证码错误，还可以尝试 {left} 次。',
  error_sms_code_used_up: '错误次数过多，请重新获取验证码。',
  error_sms_code_missing: '请输入短信验证码。',
  error_sms_code_expired: '验证码已失效，请重新获取。',
  error_sms_unavailable: '短信发送失败，请重试。',
};

const chinese = /^zh\b/i.test(navigator.language);
const table = chinese ? ZH : EN;

/** The page's language, as a `lang` attribute says it. */
export const language = chinese ? 'zh-CN' : 'en';

/** The text `key` with its gaps filled from `values`. */
export const text = (key, values = {}) => table[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

/** What to tell a person about a problem. */
export function problemText(problem) {
  const key = `error_${problem.attemptsLeft === 0 ? 'sms_code_used_up' : problem.code}`;
  return text(key in table ? key : 'error_internal', { left: problem.attemptsLeft });
}

/** Seconds as `m:ss`, from an hour on as `h:mm:ss`. */
export function clock(seconds) {
  const two = (number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** An RFC 3339 time as this browser's user writes it. */
export const moment = (time) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));

/** What a channel is called; its own word where this page does not know it. */
export const channelName = (channel) => table[`channel_${channel}`] ?? channel;
