import { createRoot } from 'react-dom/client';
import 'saoma-login';
import type {} from 'saoma-login/react';

const api = new URLSearchParams(location.search).get('api') ?? '';
const greet = (name: string | null) => (document.title = `Hello ${name}`);

createRoot(document.getElementById('app')!).render(<saoma-login api={api} lang="en" onsaoma:login={({ detail }) => greet(detail.phone)} />);
