// Solves a proof of work (`GET /v1/check`, kind `pow`) in ALTCHA's form: finds the number of which SHA-256(salt + number) is the
// challenge. Returns what `check` of a request takes.

const SLICE = 256;

/** @param {{algorithm: string, challenge: string, maxnumber: number, salt: string, signature: string}} challenge */
export async function solve({ algorithm, challenge, maxnumber, salt, signature }, { signal } = {}) {
  const encoder = new TextEncoder();
  const wanted = Uint8Array.from(challenge.match(/../g), (pair) => parseInt(pair, 16));
  const isWanted = async (number) => {
    const hash = new Uint8Array(await crypto.subtle.digest(algorithm, encoder.encode(salt + number)));
    return hash.every((byte, at) => byte === wanted[at]);
  };
  for (let first = 0; first <= maxnumber; first += SLICE) {
    signal?.throwIfAborted();
    const numbers = Array.from({ length: Math.min(SLICE, maxnumber - first + 1) }, (_, at) => first + at);
    // The browser hashes a slice beside the page; between two of them the page has its turn.
    const found = (await Promise.all(numbers.map(isWanted))).indexOf(true);
    if (found >= 0) return { algorithm, challenge, number: first + found, salt, signature };
    await new Promise((go) => setTimeout(go));
  }
  throw new Error('the challenge has no solution');
}
