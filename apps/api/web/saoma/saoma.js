// Defines <saoma-login>: see README.md.

import { SaomaLogin } from './element.js';

if (!customElements.get('saoma-login')) customElements.define('saoma-login', SaomaLogin);

export { SaomaLogin };
