// What the address says, for the component on this page. Loaded before it.

const page = document.documentElement;
const login = document.querySelector('saoma-login');
const query = new URLSearchParams(location.search);

page.lang = query.get('lang') || (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');
page.dataset.theme = query.get('theme') ?? 'auto';
login.setAttribute('theme', page.dataset.theme);
document.title = page.lang.startsWith('zh') ? '微信登录' : 'WeChat login';

for (const name of ['app', 'purpose']) {
  if (query.has(name)) login.setAttribute(name, query.get(name));
}

// Nobody can be led away from this site by a link to it.
if (query.has('return_to')) {
  const to = new URL(query.get('return_to'), location.origin);
  if (to.origin === location.origin) login.setAttribute('return-to', to.href);
}
