// What is on: turns a wish into a file or a card, falls back when a file is missing or damaged, tells the record.

const MISSING = new Set(["not-found"]);
const AHEAD_S = 20; // by which the next file is made ready

class Show {
  // stage: screen, deck; now(): wall milliseconds; write(event, fields) of the record.
  constructor(plan, stage, now, write) {
    Object.assign(this, { plan, now, write, wish: null, source: null, bad: new Map(), played: false });
    Object.assign(this, stage);
  }

  log(event, source, fields = {}) {
    const { slot } = this.wish;
    this.write(event, Object.assign({ slot: slot && slot.id, sha16: source && source.sha16 }, fields));
  }

  // Seconds of the wish that have passed.
  elapsed() {
    return Math.max(0, (this.now() - this.wish.since) / 1000);
  }

  media(sha16, event) {
    const file = this.plan.files[sha16];
    return { event, sha16, path: file.path, seconds: file.seconds, loops: event !== "start" };
  }

  fallbacks() {
    const { ident, card } = this.plan.fallback;
    const picture = { event: "fallback", path: card, isPicture: true };
    return ident ? [{ event: "fallback", path: ident, seconds: null, loops: true }, picture] : [picture];
  }

  // Best first: the slot's own file, others of its series beginning with another one each time, what always goes.
  sources(slot) {
    const series = this.plan.substitutes[slot.series || ""] || [];
    const turn = slot.start_s % (series.length || 1);
    const others = [...series.slice(turn), ...series.slice(0, turn)].filter((sha16) => sha16 !== slot.file);
    return [this.media(slot.file, "start"), ...others.map((sha16) => this.media(sha16, "substitute")), ...this.fallbacks()];
  }

  begin(wish) {
    this.finish("next");
    Object.assign(this, { wish, source: null, rest: [] });
    if (wish.kind === "slot" || wish.kind === "safe") {
      this.rest = wish.kind === "slot" ? this.sources(wish.slot) : this.fallbacks();
      this.tryNext();
      return;
    }
    this.deck.stop();
    if (wish.kind === "black") this.screen.black();
    else this.card();
    const passed = wish.slot ? this.now() - wish.since : 0;
    const joined = passed > 2000;
    const fields = { pos: joined ? passed : 0, late: joined ? 0 : passed, reason: wish.reason };
    this.log(wish.kind === "black" ? "idle" : wish.kind, null, fields);
  }

  // The words of an event or of closed hours, over the kit's picture.
  card() {
    const second = Math.floor(this.now() / 1000);
    const { slot } = this.wish;
    if (slot) this.screen.card(this.plan.fallback.card, cards.event(this.plan, slot));
    else this.screen.card(this.plan.fallback.idle, cards.idle(this.plan, second));
  }

  tryNext() {
    const source = this.rest.shift();
    const known = this.bad.get(source.path);
    if (known) {
      this.log("damaged", source, { reason: known });
      this.tryNext();
    } else if (source.isPicture) {
      this.source = null;
      this.deck.stop();
      this.screen.card(source.path, cards.bare(this.plan));
      this.log("fallback", null, { reason: this.wish.reason });
    } else {
      this.putOn(source);
    }
  }

  putOn(source) {
    this.source = source;
    this.joined = this.elapsed() > 0.25;
    this.deck.play({
      path: source.path, loops: source.loops, volume: this.wish.slot ? this.wish.slot.volume : 100, source,
      seconds: source.seconds,
      position: () => (source.loops ? (source.seconds ? this.elapsed() % source.seconds : 0) : this.elapsed()),
    });
  }

  shown(tape, pos) {
    this.played = this.played || Boolean(tape.source.sha16);
    this.screen.clear();
    const late = this.joined ? 0 : this.now() - this.wish.since;
    this.log(tape.source.event, tape.source, { pos: this.joined ? pos * 1000 : 0, late, reason: this.wish.reason });
    this.isOn = true;
  }

  failed(tape, reason) {
    if (this.isOn) this.log("end", tape.source, { pos: (this.deck.turned + this.deck.pos) * 1000, reason: "error" });
    this.isOn = false;
    if (tape.source.sha16) this.log(MISSING.has(reason) ? "missing" : "damaged", tape.source, { reason });
    if (reason === "length" || reason === "short") this.bad.set(tape.source.path, reason);
    if (tape.source.event === "start" && !this.played) this.sayWhy(reason);
    this.tryNext();
  }

  // Nothing has played so far: it may be the same with every file.
  sayWhy(reason) {
    if (MISSING.has(reason)) this.screen.say(words.noMedia, 30);
    else if (reason === "unreadable") this.screen.say(words.noDecoder, 30);
  }

  // Milliseconds of the wish that have been on: of the file, or of the card.
  reached() {
    return (this.source && this.source.sha16 ? this.deck.reached() : this.elapsed()) * 1000;
  }

  // What was on ends: at its own end, because something else comes, or because we stop.
  finish(reason) {
    const { wish, source } = this;
    const isShown = this.isOn || !source;
    this.isOn = false;
    if (!wish || !wish.slot || !isShown) return;
    const whole = this.reached() >= wish.slot.seconds * 1000 - 600;
    const pos = whole && !(source && source.sha16) ? wish.slot.seconds * 1000 : this.reached();
    this.log("end", source, { pos, reason: reason === "stop" ? "stop" : whole ? "done" : "next" });
  }

  // Call at each tick: the deck keeps to the position, the next file is made ready, cards keep to the minute.
  follow(next) {
    this.deck.tick();
    const soon = next && next.file && next.start_s * 1000 - this.now() < AHEAD_S * 1000;
    if (soon && !this.bad.has(this.plan.files[next.file].path)) this.deck.prepare(this.plan.files[next.file].path);
    const minute = Math.floor(this.now() / 60000);
    if (minute !== this.minute && this.wish.kind === "idle") this.card();
    this.minute = minute;
  }

  alive() {
    this.log("alive", this.source, { pos: this.reached(), reason: this.wish.kind });
  }
}
