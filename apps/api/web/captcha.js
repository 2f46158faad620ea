// The page inside the login page in which Alibaba Cloud's captcha runs. Its script reaches no further than this page, and
// what it says of the person goes to the page around. Which pages that can be, the policy of this page says.

const { script, scene, prefix, region } = document.documentElement.dataset;
const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
const language = /^zh-(TW|HK|MO|Hant)/i.test(asked) ? 'tw' : /^zh/i.test(asked) ? 'cn' : 'en';

/** `param` is the text for the server; without it the person has left, or the captcha `failed`. */
const tell = (what) => parent.postMessage({ saoma: 'captcha', ...what }, '*');

/** The script of the cloud reads where it belongs from here. */
window.AliyunCaptchaConfig = { region, prefix };

function begin() {
	window.initAliyunCaptcha({
		SceneId: scene,
		mode: 'popup',
		element: '#captcha',
		button: '#start',
		language,
		slideStyle: { width: Math.min(360, innerWidth - 32), height: 40 },
		success: (param) => tell({ param }),
		fail: () => {},
		onError: () => tell({ failed: true }),
		onClose: () => tell({}),
		// Before this, a click is lost.
		getInstance: () => document.getElementById('start').click(),
	});
}

addEventListener('keydown', ({ key }) => key === 'Escape' && tell({}));
const source = document.createElement('script');
source.src = script;
source.onload = begin;
source.onerror = () => tell({ failed: true });
document.head.append(source);
