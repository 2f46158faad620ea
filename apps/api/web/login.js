// Hands what the address says to the component; loaded before it.

const page = document.documentElement;
const login = document.querySelector('saoma-login');
const query = new URLSearchParams(location.search);

page.lang = query.get('lang') || (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');
page.dataset.theme = query.get('theme') || 'auto';
login.setAttribute('theme', page.dataset.theme);
document.title = page.lang.startsWith('zh') ? '微信登录' : 'WeChat login';
if (query.has('purpose')) login.setAttribute('purpose', query.get('purpose'));

// A link may lead back into this site, or to what the configuration allows; nowhere else.
const allowed = [location.origin, ...page.dataset.returnTo.split(' ')].filter(Boolean).map((text) => new URL(text));
const isBelow = (to, { origin, pathname }) =>
  to.origin === origin && `${to.pathname}/`.startsWith(pathname.replace(/\/*$/, '/'));

// What goes wrong before the component has its turn.
const [expired, elsewhere, nothing, closed] = page.lang.startsWith('zh')
  ? ['链接已失效，请重新登录', '不能前往该地址', '没有这个页面', '本站暂不开放注册，请联系本站开通账号']
  : ['This link is used up. Please log in again.', 'This address is not allowed', 'There is no such page', 'No new accounts here. Please ask the site.'];
login.texts = { oauth_state_invalid: expired, return_to_refused: elsewhere, not_found: nothing, registration_closed: closed };

try {
  const to = new URL(query.get('return_to'), location.origin);
  const here = to.origin + to.pathname === location.origin + location.pathname;
  const fine = query.has('return_to') && !here && !to.username && !to.password && allowed.some((entry) => isBelow(to, entry));
  if (fine) login.setAttribute('return-to', to.href);
} catch {
  // No address at all: the page stays.
}
