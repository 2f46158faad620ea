// Defines <saoma-user>: see README.md.

import './saoma.js';
import { SaomaUser } from './user-element.js';

if (!customElements.get('saoma-user')) customElements.define('saoma-user', SaomaUser);

export { SaomaUser };
