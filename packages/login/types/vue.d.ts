// The elements in templates: `import type {} from 'saoma-login/vue'`.

import type { DefineComponent } from 'vue';
import type { SaomaEventMap, SaomaLoginAttributes, SaomaUserAttributes } from './saoma.js';

type Listeners = {
  'onSaoma:state'?: (event: SaomaEventMap['saoma:state']) => void;
  'onSaoma:login'?: (event: SaomaEventMap['saoma:login']) => void;
  'onSaoma:logout'?: (event: SaomaEventMap['saoma:logout']) => void;
  'onSaoma:error'?: (event: SaomaEventMap['saoma:error']) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'saoma-login': DefineComponent<SaomaLoginAttributes & Listeners>;
    'saoma-user': DefineComponent<SaomaUserAttributes & Listeners>;
  }
}
