// Hands what the address and the service say to the component; loaded before it.

const root = document.documentElement;
const login = document.querySelector('saoma-login, saoma-user');
const query = new URLSearchParams(location.search);
const page = JSON.parse(document.getElementById('saoma-page').textContent);

login.page = page;
root.dataset.theme = query.get('theme') || 'auto';
login.setAttribute('theme', root.dataset.theme);
if (query.has('purpose')) login.setAttribute('purpose', query.get('purpose'));

// What the site has chosen.
const { background } = page.colors ?? {};
if (background) root.style.setProperty('--background', background);

// A link may lead back into this site, or to what the configuration allows; nowhere else.
const allowed = [location.origin, ...(root.dataset.returnTo ?? '').split(' ')].filter(Boolean).map((text) => new URL(text));
const isBelow = (to, { origin, pathname }) =>
  to.origin === origin && `${to.pathname}/`.startsWith(pathname.replace(/\/*$/, '/'));

try {
  const wanted = query.get('return_to') ?? page.login?.default_return_to;
  const to = new URL(wanted, location.origin);
  const here = to.origin + to.pathname === location.origin + location.pathname;
  const fine = wanted && !here && !to.username && !to.password && allowed.some((entry) => isBelow(to, entry));
  if (fine) login.setAttribute('return-to', to.href);
} catch {
  // No address at all: the page stays.
}
