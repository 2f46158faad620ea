// The schemas of the description: examples of them, and their fields.

/** So deep an example goes. */
const DEPTH = 6;

/** What a text of a kind looks like. */
const TEXTS = { 'date-time': '2026-11-30T08:00:00Z', uri: 'https://shop.example.com/' };

export class Schemas {
	#all;

	constructor(description) {
		this.#all = description.components?.schemas ?? {};
	}

	/** Returns a schema itself, where it is only named, with what a union or a sum of schemas has in common. */
	resolved(schema = {}) {
		const named = schema.$ref && this.#all[schema.$ref.split('/').pop()];
		if (named) return this.resolved({ ...named, description: schema.description ?? named.description });
		const one = schema.oneOf?.filter((each) => each.type !== 'null');
		if (one?.length === 1) return this.resolved({ ...one[0], description: schema.description ?? one[0].description });
		if (!schema.allOf) return schema;
		const parts = schema.allOf.map((part) => this.resolved(part));
		return parts.reduce((whole, part) => ({
			...whole, ...part,
			properties: merged(whole.properties, part.properties),
			required: [...(whole.required ?? []), ...(part.required ?? [])],
		}));
	}

	/** Returns a value that fits a schema. */
	example(schema, depth = 0) {
		const { example, default: usual, enum: words, oneOf, type, properties, items, format } = this.resolved(schema);
		if (example !== undefined) return example;
		if (words) return words[0];
		if (oneOf) return this.example(oneOf[0], depth);
		const kind = [type].flat()[0];
		if (kind === 'object' || properties) {
			const fields = depth < DEPTH ? Object.entries(properties ?? {}) : [];
			const all = fields.map(([name, field]) => [name, this.example(field, depth + 1)]);
			return Object.fromEntries(all);
		}
		if (kind === 'array') return depth < DEPTH ? [this.example(items, depth + 1)] : [];
		if (usual !== undefined && usual !== null && usual !== '') return usual;
		return { integer: 1, number: 1, boolean: true, string: TEXTS[format] ?? 'text' }[kind] ?? null;
	}

	/** Returns the fields of a schema, the variants of a union one after the other. */
	fields(schema) {
		const { oneOf, properties = {}, required = [], items } = this.resolved(schema);
		if (items) return this.fields(items);
		if (oneOf) {
			const all = oneOf.flatMap((each) => this.fields(each));
			return all.filter(({ name }, place) => all.findIndex((each) => each.name === name) === place);
		}
		return Object.entries(properties).map(([name, field]) => {
			const found = this.resolved(field);
			return { name, type: this.#type(found), words: found.enum?.filter((word) => word !== null), about: found.description, required: required.includes(name) };
		});
	}

	#type({ type, format, oneOf, items }) {
		const kinds = [type ?? (oneOf ? 'object' : 'any')].flat().filter((kind) => kind !== 'null');
		const kind = kinds.join(' | ');
		return items ? `${this.#type(this.resolved(items))}[]` : format && format !== 'int64' && format !== 'int32' ? `${kind} (${format})` : kind;
	}
}

/** Returns a value as it is written in an example. */
export const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** Puts the words that one schema narrows a field to into the field of the other. */
function merged(fields = {}, narrower = {}) {
	const all = { ...fields };
	for (const [name, field] of Object.entries(narrower)) all[name] = { ...all[name], ...field };
	return all;
}
