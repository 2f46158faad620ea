// One operation: what it is for, what it takes, what it answers.

import { el } from './dom.js';
import { shown } from './schema.js';

/** Draws a text in which `code` stands between back quotes. */
export const formatted = (text) =>
	text.split('`').map((part, place) => (place % 2 ? el('code', {}, part) : part));

/** Draws an operation closed; what is in it is drawn once it is opened. */
export function operationCard(each, tools) {
	const { path, method: verb, operation } = each;
	const card = el('details.operation', { id: operation.operationId },
		el('summary', {}, tools.method(verb), ' ', el('code.path', {}, path), ' ', el('span.about', {}, formatted(operation.summary ?? ''))));
	card.addEventListener('toggle', () => card.append(...contents(each, tools)), { once: true });
	return card;
}

function contents(each, { schemas, tries, t }) {
	const { operation } = each;
	const { description, parameters = [], requestBody, responses, security } = operation;
	return [
		description && el('p', {}, formatted(description)),
		security && el('p.quiet', {}, `${t('security')}: `, security.map((one, place) => [place ? ` ${t('or')} ` : '', el('code', {}, Object.keys(one).join(' + '))])),
		parameters.length && part(t('parameters'), fieldTable(parameters.map((one) => ({ ...one, type: one.in, about: one.description })), t)),
		requestBody && part(t('body'), requestBody.description && el('p', {}, formatted(requestBody.description)), bodies(requestBody.content, schemas, t)),
		part(t('answers'), Object.entries(responses).map(([status, response]) => answer(status, response, schemas, t))),
		part(t('try'), tries.form(each, firstExample(requestBody, schemas))),
	].filter(Boolean);
}

const part = (title, ...inside) => el('section.part', {}, el('h3', {}, title), inside);

/** Returns the examples of a body with their names, one made of its schema where there is none. */
function examples({ example, examples: named, schema }, schemas) {
	if (named) return Object.values(named).map(({ summary, value }) => [summary, value]);
	return [['', example ?? (schema ? schemas.example(schema) : '')]];
}

function firstExample(requestBody, schemas) {
	const [[kind, content] = []] = Object.entries(requestBody?.content ?? {});
	return kind && { kind, value: examples(content, schemas)[0][1] };
}

function bodies(contents = {}, schemas, t) {
	return Object.entries(contents).map(([kind, content]) => {
		const fields = content.schema ? schemas.fields(content.schema) : [];
		return [
			el('p.quiet', {}, kind),
			examples(content, schemas).filter(([, value]) => value !== '').map(([name, value]) =>
				[name && el('p.caption', {}, name), el('pre', { tabIndex: 0 }, el('code', {}, shown(value)))]),
			fields.length > 0 && el('details.fields', {}, el('summary', {}, t('fields')), fieldTable(fields, t)),
		];
	});
}

function answer(status, { description, headers = {}, content }, schemas, t) {
	const names = Object.keys(headers);
	return el('details.answer', { open: /^2/.test(status) },
		el('summary', {}, el(`span.status.${status[0] === 'd' ? 'other' : `s${status[0]}`}`, {}, status === 'default' ? t('other') : status), ' ', el('span', {}, formatted(description))),
		names.length > 0 && el('p.quiet', {}, `${t('headers')}: `, names.map((name, place) => [place ? ', ' : '', el('code', {}, name)])),
		bodies(content, schemas, t));
}

function fieldTable(fields, t) {
	return el('dl.table', {}, fields.map(({ name, type, words, about, required }) => [
		el('dt', {}, el('code', {}, name), el('span.quiet', {}, ` ${type}`), required && el('span.needed', {}, ` ${t('required')}`)),
		el('dd', {}, formatted(about ?? ''), words && el('p.quiet', {}, words.map((word, place) => [place ? ' · ' : '', el('code', {}, String(word))]))),
	]));
}
