// The subtitles as they are edited: every change makes a new list of unchanged or new cues, so that undo is exact.
// Knows no page. A cue is {start, end, text, speaker, place, doubts}, frozen; times are whole milliseconds.

const KEPT = 500; // steps that can be undone
const SHORTEST = 100; // what is left of a cue that is cut
const NEW_LENGTH = 2000;
const REACH = 1500; // how far away speech is looked for

export class CueBook {
  constructor(cues) {
    this.cues = cues.map(Object.freeze);
    this.chosen = 0;
    this.past = [];
    this.future = [];
    this.saved = this.cues;
    this.typing = null;
  }

  get cue() { return this.cues[this.chosen]; }
  get isSaved() { return this.cues === this.saved; }

  choose(index) {
    this.chosen = Math.max(0, Math.min(this.cues.length - 1, index));
    this.typing = null;
  }

  // What is typed into one cue without pause is one step.
  change(cues, chosen, typing = null) {
    if (typing === null || typing !== this.typing) {
      this.past.push([this.cues, this.chosen]);
      if (this.past.length > KEPT) this.past.shift();
    }
    this.typing = typing;
    this.future = [];
    this.cues = cues;
    this.chosen = Math.max(0, Math.min(cues.length - 1, chosen));
  }

  undo() { this.step(this.past, this.future); }
  redo() { this.step(this.future, this.past); }
  step(from, to) {
    if (!from.length) return;
    to.push([this.cues, this.chosen]);
    [this.cues, this.chosen] = from.pop();
    this.typing = null;
  }

  // Changed times are a person's: nothing about them is in doubt any more.
  put(changes, typing = null) {
    const cue = this.cue;
    if (!cue) return;
    const timed = "start" in changes || "end" in changes;
    const next = Object.freeze({ ...cue, ...(timed ? { doubts: [] } : {}), ...changes });
    if (Object.keys(changes).every((key) => cue[key] === changes[key])) return;
    const cues = this.cues.map((one) => (one === cue ? next : one));
    if (timed) cues.sort(byTime);
    this.change(cues, cues.indexOf(next), typing);
  }

  // An edge of the chosen cue follows the mouse; all of one pull is one step to undo.
  pull(edge, ms, name) {
    const cue = this.cue;
    if (edge === "start") this.put({ start: within(ms, 0, cue.end - SHORTEST) }, name);
    else this.put({ end: Math.max(ms, cue.start + SHORTEST) }, name);
  }

  split(caret) {
    const cue = this.cue;
    if (!cue || cue.end - cue.start < 2 * SHORTEST) return;
    const place = caret > 0 && caret < cue.text.length ? caret : Math.ceil(cue.text.length / 2);
    const parts = [cue.text.slice(0, place).trim(), cue.text.slice(place).trim()];
    if (!parts[0] || !parts[1]) return;
    const share = parts[0].length / (parts[0].length + parts[1].length);
    const at = within(Math.round(cue.start + (cue.end - cue.start) * share), cue.start + SHORTEST, cue.end - SHORTEST);
    const first = Object.freeze({ ...cue, end: at, text: parts[0] });
    const second = Object.freeze({ ...cue, start: at, text: parts[1] });
    const cues = [...this.cues];
    cues.splice(this.chosen, 1, first, second);
    this.change(cues, this.chosen);
  }

  merge() {
    const [cue, next] = this.cues.slice(this.chosen, this.chosen + 2);
    if (!next) return;
    const joint = /[\x21-\x7e]$/.test(cue.text) && /^[\x21-\x7e]/.test(next.text) ? " " : "";
    const text = cue.text + joint + next.text;
    const merged = Object.freeze({ ...cue, end: Math.max(cue.end, next.end), text, doubts: [] });
    const cues = [...this.cues];
    cues.splice(this.chosen, 2, merged);
    this.change(cues, this.chosen);
  }

  add(at) {
    const next = this.cues.find((cue) => cue.start > at);
    const end = Math.max(at + SHORTEST, Math.min(at + NEW_LENGTH, next ? next.start : Infinity));
    const cue = Object.freeze({ start: at, end, text: "", speaker: "", place: "bottom", doubts: [] });
    const cues = [...this.cues, cue].sort(byTime);
    this.change(cues, cues.indexOf(cue));
  }

  remove() {
    if (this.cue) this.change(this.cues.filter((cue) => cue !== this.cue), this.chosen);
  }

  // All of them together; none is pushed before the beginning.
  shift(by) {
    const least = Math.min(...this.cues.map((cue) => cue.start));
    const ms = Math.max(by, -least);
    if (!ms || !this.cues.length) return;
    const moved = (cue) => Object.freeze({ ...cue, start: cue.start + ms, end: cue.end + ms });
    this.change(this.cues.map(moved), this.chosen);
  }

  // Whether they are still those: what was found for them is found for these.
  isSame(cues) {
    const own = [...this.cues].sort(byTime);
    return own.length === cues.length && own.every((cue, index) => KEY.every((key) => cue[key] === cues[index][key]));
  }

  // Others in their place, as one step.
  replace(cues) { this.change(cues.map(Object.freeze), this.chosen); }

  snapStart(speech) {
    const at = nearest(speech.map((span) => span[0]), this.cue?.start);
    if (at !== null && at < this.cue.end) this.put({ start: at });
  }

  snapEnd(speech) {
    const at = nearest(speech.map((span) => span[1]), this.cue?.end);
    if (at !== null && at > this.cue.start) this.put({ end: at });
  }
}

const KEY = ["start", "end", "text"];
const byTime = (one, other) => one.start - other.start || one.end - other.end;
const within = (value, low, high) => Math.max(low, Math.min(high, value));

function nearest(moments, to) {
  let best = null;
  for (const at of moments) if (Math.abs(at - to) <= REACH && (best === null || Math.abs(at - to) < Math.abs(best - to))) best = at;
  return best;
}

export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${String(seconds % 60).padStart(2, "0")}.${String(ms % 1000).padStart(3, "0")}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

// Milliseconds of "1:02.5", "62.5" or "-0.5", full-width signs too; null when it is no time.
export function milliseconds(said) {
  const plain = said.trim().replace(/：/g, ":").replace(/[。，,]/g, ".").replace(/−/g, "-");
  const found = /^(-?)(?:(?:(\d+):)?(\d+):)?(\d+)(?:\.(\d{1,3}))?$/.exec(plain);
  if (!found) return null;
  const [, sign, hours = 0, minutes = 0, seconds, part = ""] = found;
  const ms = ((+hours * 60 + +minutes) * 60 + +seconds) * 1000 + +part.padEnd(3, "0");
  return sign ? -ms : ms;
}
