// Gathers the package: the modules and types that the service serves, beside what only a package has.

import { cp, mkdir, rm } from 'node:fs/promises';

const here = (path) => new URL(`../${path}`, import.meta.url);
const web = (path) => new URL(`../../../apps/api/web/${path}`, import.meta.url);

await rm(here('dist'), { recursive: true, force: true });
await mkdir(here('dist'), { recursive: true });
await cp(web('saoma'), here('dist'), { recursive: true });
await cp(web('saoma.d.ts'), here('dist/saoma.d.ts'));
await cp(web('custom-elements.json'), here('dist/custom-elements.json'));
await cp(here('types'), here('dist'), { recursive: true });
