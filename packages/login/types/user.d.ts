export { SaomaUser } from './saoma.js';
