// The API as a page: a guide, then each operation with its examples, drawn from /openapi.json of this service.

import { el } from './dom.js';
import { guide } from './guide.js';
import { formatted, operationCard } from './operation.js';
import { Schemas } from './schema.js';
import { Tries } from './try.js';
import { words } from './words.js';

/** Where the service is mounted. */
const HERE = new URL('..', import.meta.url);
const SPECIFICATION = new URL('openapi.json', HERE);

const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
const language = /^zh/i.test(asked) ? 'zh' : 'en';
const t = (key) => words[key][language === 'zh' ? 0 : 1];

/** Returns the operations by their groups, in the order of the description. */
function grouped({ tags, paths }) {
	const all = Object.entries(paths).flatMap(([path, item]) =>
		Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
	return tags
		.map((tag) => ({ ...tag, operations: all.filter(({ operation }) => operation.tags?.includes(tag.name)) }))
		.filter(({ operations }) => operations.length);
}

const groupTitle = (name) => (words[`group_${name}`] ? t(`group_${name}`) : name);

/** One chapter of the guide. Blocks are texts, `{code}` and `{list}`. */
function chapter({ id, title, blocks }) {
	const drawn = blocks.map((block) => {
		if (block.code) return el('pre', { tabIndex: 0 }, el('code', {}, block.code));
		if (block.list) return el('ol', {}, block.list.map((line) => el('li', {}, formatted(line))));
		return el('p', {}, formatted(block));
	});
	return el('section.chapter', { id }, el('h3', {}, title), drawn);
}

const menuEntry = (href, ...words) => el('li', {}, el('a', { href }, words));

const method = (name) => el(`span.method.${name}`, {}, name.toUpperCase());

function menu(chapters, groups) {
	const search = el('input', {
		type: 'search', placeholder: t('search'), ariaLabel: t('search'),
		oninput: () => filter(search.value.trim().toLowerCase()),
	});
	const parts = [
		el('section', {}, el('h2', {}, t('guide')), el('ul', {}, chapters.map(({ id, title }) => menuEntry(`#${id}`, title)))),
		...groups.map(({ name, operations }) =>
			el('section', {}, el('h2', {}, groupTitle(name)), el('ul', {}, operations.map(({ path, method: verb, operation }) =>
				menuEntry(`#${operation.operationId}`, method(verb), ' ', el('code', {}, path)))))),
	];

	/** Leaves what has the words in its path or its summary, in the menu and on the page. */
	function filter(wanted) {
		for (const link of nav.querySelectorAll('li')) {
			const target = document.querySelector(link.firstChild.getAttribute('href'));
			const fits = `${link.textContent} ${target.firstChild.textContent}`.toLowerCase().includes(wanted);
			link.hidden = !fits;
			if (target.localName === 'details') target.hidden = !fits;
		}
		for (const section of nav.querySelectorAll('section')) section.hidden = !section.querySelector('li:not([hidden])');
		for (const group of document.querySelectorAll('.group')) group.hidden = !group.querySelector('details:not([hidden])');
	}

	const nav = el('nav', { ariaLabel: t('contents') },
		el('details', { open: matchMedia('(min-width: 60rem)').matches }, el('summary', {}, t('contents')), search, parts));
	return nav;
}

/** Opens what the address names, and brings it into view. */
function follow() {
	const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (target?.localName === 'details') target.open = true;
	target?.scrollIntoView();
}

function draw(description) {
	const schemas = new Schemas(description);
	const tries = new Tries(HERE, t);
	const groups = grouped(description);
	const chapters = guide(language, HERE.href.replace(/\/$/, ''));
	const [href, name, lang] = language === 'zh' ? ['?lang=en', 'English', 'en'] : ['?lang=zh', '中文', 'zh-CN'];
	document.body.append(
		el('header', {},
			el('a.home', { href: '#top' }, t('title')),
			el('span.version', {}, description.info.version),
			el('a', { href: SPECIFICATION.href }, 'openapi.json'),
			el('a', { href, lang, hreflang: lang }, name)),
		menu(chapters, groups),
		el('main', {},
			el('h1', { id: 'top' }, t('title')),
			el('p.lead', {}, t('lead')),
			el('section.guide', {}, el('h2', {}, t('guide')), chapters.map(chapter)),
			groups.map(({ name: tag, description: about, operations }) =>
				el('section.group', {}, el('h2', {}, groupTitle(tag)), language === 'en' && about ? el('p', {}, about) : '',
					operations.map((each) => operationCard(each, { schemas, tries, t, method }))))),
	);
	addEventListener('hashchange', follow);
	follow();
}

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
document.title = t('title');
const answer = await fetch(SPECIFICATION).catch(() => null);
if (answer?.ok) draw(await answer.json());
else document.body.append(el('main', {}, el('p', { role: 'alert' }, t('missing'))));
