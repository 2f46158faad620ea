import { createApp, h } from 'vue';
import 'saoma-login';

const api = new URLSearchParams(location.search).get('api') ?? '';
const greet = (event: CustomEvent<{ phone: string | null }>) => (document.title = `Hello ${event.detail.phone}`);

createApp({ render: () => h('saoma-login', { api, lang: 'en', 'onSaoma:login': greet }) }).mount('#app');
