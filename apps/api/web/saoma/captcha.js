// Alibaba Cloud's captcha, in a frame with a page of the service: no script from elsewhere runs in this page.

import { Problem } from './client.js';
import { el } from './dom.js';
import { dressForFrames } from './styles-frames.js';

/** Shows it, and returns what it says of the person, for the service. Who leaves it is back where they were. */
export const shownCaptcha = ({ screen, client }) =>
	new Promise((resolve, reject) => {
		const src = client.page(`assets/captcha?lang=${screen.language}`);
		const frame = el('iframe', { src, title: screen.t('check') });
		const box = el('dialog.captcha', { oncancel: () => end({}) }, frame);
		const hear = ({ source, data }) => source === frame.contentWindow && data?.saoma === 'captcha' && end(data);

		function end({ param, failed }) {
			removeEventListener('message', hear);
			box.close();
			box.remove();
			if (param) resolve(param);
			else reject(failed ? new Problem({ code: 'check_failed' }, Response.error()) : new DOMException('', 'AbortError'));
		}

		addEventListener('message', hear);
		dressForFrames(screen);
		screen.card.append(box);
		box.showModal();
	});
