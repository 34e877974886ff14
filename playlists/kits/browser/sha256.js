// SHA-256 (FIPS 180-4) of a text's UTF-8 bytes, as hex. A browser's own is asynchronous and not everywhere allowed for
// files; the lines of a record are short, and each needs the sum of the one before.

const sha256 = (() => {
  const ROUNDS = 64;
  const primes = [];
  for (let number = 2; primes.length < ROUNDS; number += 1) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32);
  const FIRST = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const ADDED = primes.map((prime) => fraction(Math.cbrt(prime)));
  const turned = (word, by) => (word >>> by) | (word << (32 - by));

  function padded(bytes) {
    const blocks = Math.ceil((bytes.length + 9) / 64);
    const whole = new Uint8Array(blocks * 64);
    whole.set(bytes);
    whole[bytes.length] = 0x80;
    const view = new DataView(whole.buffer);
    view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(whole.length - 4, bytes.length * 8);
    return view;
  }

  function schedule(view, from) {
    const spread = new Int32Array(ROUNDS);
    for (let i = 0; i < 16; i += 1) spread[i] = view.getInt32(from + i * 4);
    for (let i = 16; i < ROUNDS; i += 1) {
      const early = spread[i - 15];
      const late = spread[i - 2];
      const low = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const high = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      spread[i] = spread[i - 16] + low + spread[i - 7] + high;
    }
    return spread;
  }

  function stir(state, spread) {
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < ROUNDS; i += 1) {
      const high = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + high + ((e & f) ^ (~e & g)) + ADDED[i] + spread[i]) | 0;
      const low = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) | 0);
  }

  return (text) => {
    const view = padded(new TextEncoder().encode(text));
    let state = FIRST.map((word) => word | 0);
    for (let from = 0; from < view.byteLength; from += 64) state = stir(state, schedule(view, from));
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  };
})();
