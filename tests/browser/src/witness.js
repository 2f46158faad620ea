// Writes down what the page's script is answered, counts its event streams, and stills what blinks.
const witness = { answers: [], streams: 0 };
Object.defineProperty(window, 'witness', { value: witness });

const ask = window.fetch;
window.fetch = async (...args) => {
  const answer = await ask(...args);
  const note = (text) => witness.answers.push([...answer.headers, text].join('\n'));
  answer.clone().text().then(note, () => {});
  return answer;
};

window.EventSource = class extends EventSource {
  #open = true;

  constructor(...args) {
    super(...args);
    witness.streams += 1;
    this.addEventListener('state', ({ data }) => witness.answers.push(data));
  }

  close() {
    super.close();
    if (this.#open) witness.streams -= 1;
    this.#open = false;
  }
};

// A caret that blinks is in every other picture.
addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('caret-color', 'transparent'));
