// The elements in JSX: `import type {} from 'saoma-login/react'`.

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { SaomaEventMap, SaomaLogin, SaomaLoginAttributes, SaomaUser, SaomaUserAttributes } from './saoma.js';

/** React 19 takes listeners of custom events as `on` and the event's name. */
type Listeners = { [K in keyof SaomaEventMap as `on${K}`]?: (event: SaomaEventMap[K]) => void };

type Props<T extends HTMLElement, A> = Omit<DetailedHTMLProps<HTMLAttributes<T>, T>, keyof A> & A & Listeners;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'saoma-login': Props<SaomaLogin, SaomaLoginAttributes & { texts?: Record<string, string>; page?: object }>;
      'saoma-user': Props<SaomaUser, SaomaUserAttributes>;
    }
  }
}
