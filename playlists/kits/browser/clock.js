// Whether the clock is believed. Owns the latest moment that was. All in milliseconds.

const BACK_MS = 60000; // as much as a clock may be put back without a word
const SETTLE_MS = 900000; // a clock that was put back and then ran steadily for so long is believed again

class Clock {
  // mark: the latest moment believed in an earlier run, or null.
  constructor(mark) {
    this.mark = mark;
    this.markMono = 0;
    this.backSince = null;
  }

  // What is wrong: null, "before-built", "outside" or "backwards". now: wall, mono: a clock that nobody sets.
  judge(plan, now, mono) {
    const early = now < Date.parse(plan.built);
    if (this.mark !== null && now < this.mark + (mono - this.markMono) - BACK_MS) {
      if (this.backSince === null) this.backSince = mono;
      if (mono - this.backSince < SETTLE_MS) return early ? "before-built" : "backwards";
      this.mark = null;
    }
    this.backSince = null;
    if (early) return "before-built";
    if (now < plan.valid.from_s * 1000 || now >= plan.valid.to_s * 1000) return "outside";
    this.mark = now;
    this.markMono = mono;
    return null;
  }

  // A person says that the clock is right.
  believe() {
    this.mark = null;
    this.backSince = null;
  }
}
