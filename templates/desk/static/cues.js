// The subtitle editor's page: list, form, sound, findings, keys. What is edited lies in cue_book.js.
import { CueBook, clock, milliseconds } from "./cue_book.js";
import { CueDesk } from "./cue_desk.js";
import { CueWave } from "./cue_wave.js";

const PAGE = 100; // subtitles in the list at a time
const AT_ONCE = 200; // subtitles judged in one go
const PAUSE = 300; // milliseconds without typing before it is judged

const root = document.getElementById("cues");
const desk = new CueDesk(root.dataset.home, root.dataset.lost);
const find = (name) => root.querySelector(`[data-${name}]`);
const [list, startBox, endBox, textBox] = [find("list"), find("start"), find("end"), find("text")];
const video = root.querySelector("video");
const wave = new CueWave(root.querySelector("canvas"));

let book = new CueBook([]);
let version = "";
let doubts = {};
let stopAt = null;
let composing = false;
let waiting = 0;
let saving = false;
let moving = null; // the task that moves them by the sound
let savedSaid = ""; // what the server said when it last saved
const judged = new WeakMap(); // by cue: what was found
const followed = new WeakMap(); // by cue: which one followed when it was judged

const now = () => (video ? Math.round(video.currentTime * 1000) : book.cue ? book.cue.start : 0);

// ---- What the server is asked

async function load() {
  const given = await desk.fetch("cues.json");
  ({ version, doubts } = given);
  book = new CueBook(given.cues);
  show();
  judgeSoon(0);
  try {
    wave.hear(await desk.fetch("sound.json"));
  } catch (error) {
    find("sound-note").textContent = `${root.dataset.noSound} ${error.message}`;
  }
  wave.canvas.removeAttribute("aria-busy");
  draw();
}

async function save() {
  if (saving) return;
  saving = true;
  const cues = book.cues;
  try {
    const done = await desk.ask("save", { version, cues: JSON.stringify(cues) });
    version = done.version;
    book.saved = cues;
    savedSaid = done.told;
    refuse("");
    if (!moving) tellMoving("");
    show();
  } catch (error) {
    refuse(error.message);
  }
  saving = false;
}

function refuse(said) {
  find("refusal").textContent = said;
  find("refusal").hidden = !said;
}

// ---- Moved by the sound: a task finds where to, here it is a change like others

async function moveBySound() {
  if (!moving && book.cues.length) await takeMoved(() => desk.ask("move", { cues: JSON.stringify(book.cues) }));
}

// Also what was found while nobody had the page open.
async function takeMoved(begin = () => {}) {
  moving = {};
  refuse("");
  try {
    await begin();
    const found = await desk.moved((going) => {
      moving = going;
      const far = going.percent === null ? "" : ` ${going.percent} %`;
      tellMoving(root.dataset.listening + far, true);
    });
    tellMoving("");
    if (found.state === "done") showMoved(found);
    else refuse(found.told.join(" "));
  } catch (error) {
    tellMoving("");
    refuse(error.message);
  }
  moving = null;
}

function showMoved(found) {
  if (!book.isSame(found.before)) { refuse(root.dataset.late); return; }
  book.replace(found.cues);
  choose(book.chosen);
  tellMoving([...found.told, root.dataset.moved].join("\n"));
}

function tellMoving(said, isGoing = false) {
  const place = find("moving");
  place.hidden = !said;
  place.firstElementChild.textContent = said;
  place.lastElementChild.hidden = !isGoing;
}

function stopMoving() {
  if (moving?.number) fetch(`/tasks/${moving.number}/cancel`, { method: "POST", body: new FormData() });
}

// ---- Findings

function judgeSoon(pause = PAUSE) {
  clearTimeout(waiting);
  waiting = setTimeout(judge, pause);
}

const isJudged = (cues, index) => judged.has(cues[index]) && followed.get(cues[index]) === cues[index + 1];

// The chosen one first, then, stretch by stretch, what was never judged or is followed by another one than then.
async function judge() {
  const { cues, chosen } = book;
  if (!cues.length) return;
  let first = chosen;
  if (isJudged(cues, chosen) && broken.of === cues[chosen]) first = cues.findIndex((_, index) => !isJudged(cues, index));
  if (first < 0) return;
  let last = first + 1;
  while (last < cues.length && last - first < AT_ONCE && !isJudged(cues, last)) last++;
  const from = Math.max(0, first - 1);
  const sent = cues.slice(from, last + 1);
  const named = new Set(cues.map((cue) => cue.speaker).filter(Boolean)).size > 1;
  const isChosen = chosen >= first && chosen < last;
  let verdict;
  try {
    verdict = await desk.ask("judge", { cues: JSON.stringify(sent), named: named ? "on" : "", chosen: isChosen ? chosen - from : "" });
  } catch {
    return; // it is judged after the next change, and saving says what is wrong
  }
  for (let index = first; index < last; index++) {
    judged.set(cues[index], verdict.findings.filter((found) => found.at === index - from));
    followed.set(cues[index], cues[index + 1]);
  }
  if (isChosen) Object.assign(broken, { of: cues[chosen], screens: verdict.broken });
  showList();
  showJudged();
  judgeSoon(0);
}

const broken = { of: null, screens: {} };

function showJudged() {
  const cue = book.cue;
  const found = (cue && judged.get(cue)) || [];
  const lines = cue ? cue.doubts.map((name) => ["warning", `${root.dataset.doubt}：${doubts[name]}`]) : [];
  const signs = { error: `✕ ${root.dataset.error}：`, warning: "! " };
  lines.push(...found.map((one) => [one.level, `${signs[one.level]}${one.what}；${one.repair}`]));
  const none = cue && judged.has(cue) ? root.dataset.fine : "…";
  find("findings").replaceChildren(...(lines.length ? lines : [["", none]]).map(([level, said]) => {
    const line = document.createElement("li");
    line.className = level === "error" ? "error" : "";
    line.textContent = said;
    return line;
  }));
  if (!cue || broken.of !== cue) return;
  find("broken").replaceChildren(...Object.entries(broken.screens).map(([name, pictures]) => {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = pictures.length > 1 ? `${name} · ${root.dataset.pictures.replace("%n", pictures.length)}` : name;
    figure.append(caption, ...pictures.map((picture) => {
      const shown = document.createElement("p");
      shown.textContent = picture.join("\n");
      return shown;
    }));
    return figure;
  }));
}

const needsLook = (cue) => cue.doubts.length > 0 || (judged.get(cue) || []).length > 0;

// ---- What is shown

function show() {
  showList();
  showForm();
  showJudged();
  draw();
}

function showList() {
  const { cues, chosen } = book;
  const page = Math.floor(chosen / PAGE);
  const rows = cues.slice(page * PAGE, (page + 1) * PAGE).map((cue, index) => row(cue, page * PAGE + index));
  list.replaceChildren(...rows);
  const selected = rows[chosen - page * PAGE];
  if (selected) {
    list.setAttribute("aria-activedescendant", selected.id);
    const [top, bottom] = [selected.offsetTop, selected.offsetTop + selected.offsetHeight];
    if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight / 3;
  } else list.removeAttribute("aria-activedescendant");
  find("page").textContent = `${cues.length ? page * PAGE + 1 : 0}–${Math.min(cues.length, (page + 1) * PAGE)} / ${cues.length}`;
  showStanding();
}

// While one types, only the line of the list that changes.
function showRow() {
  document.getElementById(`cue-${book.chosen}`).replaceWith(row(book.cue, book.chosen));
  showStanding();
}

function showStanding() {
  root.querySelector("[data-do=undo]").disabled = !book.past.length;
  root.querySelector("[data-do=redo]").disabled = !book.future.length;
  find("told").textContent = book.isSaved ? savedSaid : root.dataset.unsaved;
}

function row(cue, index) {
  const line = document.createElement("div");
  line.className = "cue-row";
  line.id = `cue-${index}`;
  line.dataset.index = index;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", index === book.chosen);
  const found = judged.get(cue) || [];
  const isBad = found.some((one) => one.level === "error");
  const mark = cue.doubts.length ? `? ${root.dataset.doubt}` : isBad ? `✕ ${root.dataset.error}` : found.length ? `! ${root.dataset.warning}` : "";
  for (const [said, kind] of [[index + 1, ""], [clock(cue.start), ""], [cue.text, ""], [mark, `mark ${isBad ? "bad" : "warn"}`]]) {
    const cell = document.createElement("span");
    cell.textContent = said;
    cell.className = kind;
    line.append(cell);
  }
  return line;
}

function showForm() {
  const cue = book.cue;
  for (const box of [startBox, endBox, textBox]) box.disabled = !cue;
  startBox.value = cue ? clock(cue.start) : "";
  endBox.value = cue ? clock(cue.end) : "";
  if (textBox.value !== (cue ? cue.text : "")) textBox.value = cue ? cue.text : "";
  find("pace").textContent = cue ? `${((cue.end - cue.start) / 1000).toFixed(1)} s` : "";
  root.querySelector("[data-do=sure]").hidden = !(cue && cue.doubts.length);
  find("form-error").hidden = true;
}

function draw() {
  if (video && !video.paused) wave.show(now());
  else if (book.cue) wave.show(book.cue.start, book.cue.end);
  wave.draw(book.cues, book.cue, now());
}

// ---- What a person does

function choose(index, { hear = false } = {}) {
  book.choose(index);
  show();
  judgeSoon(PAUSE / 3);
  if (book.cue && video) {
    video.currentTime = book.cue.start / 1000;
    if (hear) actions.hear();
  }
}

// To the subtitle that is shown then, or the next one.
function jumpTo(ms) {
  const index = book.cues.findIndex((cue) => cue.end > ms);
  choose(index < 0 ? book.cues.length - 1 : index);
  if (video) video.currentTime = ms / 1000;
}

function changed() {
  show();
  judgeSoon();
}

function take(box, key) {
  const ms = milliseconds(box.value);
  const cue = book.cue;
  const isRight = ms !== null && ms >= 0 && (key === "start" ? ms < cue.end : ms > cue.start);
  if (isRight) { book.put({ [key]: ms }); changed(); }
  find("form-error").textContent = root.dataset.badTime;
  find("form-error").hidden = isRight;
}

const actions = {
  hear() { if (video && book.cue) { video.currentTime = book.cue.start / 1000; stopAt = book.cue.end; video.play(); } },
  play() { if (video) { stopAt = null; if (video.paused) video.play(); else video.pause(); } },
  before() { choose(book.chosen - 1); },
  next() { choose(book.chosen + 1); },
  pageUp() { choose(book.chosen - PAGE); },
  pageDown() { choose(book.chosen + PAGE); },
  startHere() { if (book.cue && now() < book.cue.end) { book.put({ start: now() }); changed(); } },
  endHere() { if (book.cue && now() > book.cue.start) { book.put({ end: now() }); changed(); } },
  snapStart() { book.snapStart(wave.speech); changed(); },
  snapEnd() { book.snapEnd(wave.speech); changed(); },
  split() { book.split(textBox.selectionStart); changed(); },
  merge() { book.merge(); changed(); },
  add() { book.add(now()); changed(); textBox.focus(); },
  remove() { book.remove(); changed(); },
  sure() { book.put({ doubts: [] }); changed(); },
  undo() { book.undo(); changed(); if (!moving) tellMoving(""); },
  redo() { book.redo(); changed(); },
  look() {
    const { cues, chosen } = book;
    const order = [...cues.keys()].map((index) => (chosen + 1 + index) % cues.length);
    const index = order.find((one) => needsLook(cues[one]));
    if (index !== undefined) choose(index);
  },
  save, moveBySound, stopMoving,
};

const KEYS = {
  F8: "hear", "Shift F8": "play", F9: "look", "Alt KeyM": "moveBySound", "Alt ArrowUp": "before", "Alt ArrowDown": "next",
  "Ctrl BracketLeft": "startHere", "Ctrl BracketRight": "endHere", "Alt BracketLeft": "snapStart", "Alt BracketRight": "snapEnd",
  "Ctrl Enter": "split", "Ctrl Shift Enter": "merge", "Alt Insert": "add", "Alt Delete": "remove",
  "Ctrl KeyZ": "undo", "Ctrl KeyY": "redo", "Ctrl Shift KeyZ": "redo", "Ctrl KeyS": "save",
};
const LIST_KEYS = { ArrowUp: "before", ArrowDown: "next", PageUp: "pageUp", PageDown: "pageDown" };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const held = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  const code = event.code.replace("NumpadEnter", "Enter");
  const wanted = KEYS[[...held, code].join(" ")] || (event.target === list && !held.length && LIST_KEYS[code]);
  const isForeign = event.target.matches("input") && event.target !== startBox && event.target !== endBox;
  if (wanted && !(isForeign && /undo|redo/.test(wanted))) { event.preventDefault(); actions[wanted](); }
  else if (event.target === list && code === "Enter" && !held.length) { event.preventDefault(); textBox.focus(); }
});

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const line = event.target.closest(".cue-row");
  const jump = event.target.closest("[data-jump]");
  if (jump) jumpTo(Number(jump.dataset.jump));
  else if (button) actions[button.dataset.do]();
  else if (line) choose(Number(line.dataset.index), { hear: true });
});

// The edges of the chosen subtitle are pulled with mouse or finger; keys and buttons do the same.
let pulled = null;
wave.canvas.addEventListener("pointerdown", (event) => {
  const edge = wave.edgeAt(event.offsetX, book.cue);
  if (!edge) return;
  pulled = { edge, name: Symbol("pull"), isMoved: false };
  wave.canvas.setPointerCapture(event.pointerId);
});
wave.canvas.addEventListener("pointermove", (event) => {
  wave.canvas.classList.toggle("grip", Boolean(pulled || wave.edgeAt(event.offsetX, book.cue)));
  if (!pulled) return;
  pulled.isMoved = true;
  book.pull(pulled.edge, wave.at(event.offsetX), pulled.name);
  show();
});
for (const ended of ["pointerup", "pointercancel"]) wave.canvas.addEventListener(ended, () => {
  if (pulled) judgeSoon();
  setTimeout(() => { pulled = null; }); // after the click that follows
});

wave.canvas.addEventListener("click", (event) => {
  if (pulled?.isMoved) return;
  const at = wave.at(event.offsetX);
  const index = book.cues.findIndex((cue) => cue.start <= at && at < cue.end);
  if (index >= 0 && index !== book.chosen) { book.choose(index); show(); judgeSoon(); }
  if (video) video.currentTime = at / 1000;
  draw();
});

const type = () => { if (!composing && book.cue) { book.put({ text: textBox.value }, book.chosen); showRow(); draw(); judgeSoon(); } };
textBox.addEventListener("compositionstart", () => { composing = true; });
textBox.addEventListener("compositionend", () => { composing = false; type(); });
textBox.addEventListener("input", type);
startBox.addEventListener("change", () => take(startBox, "start"));
endBox.addEventListener("change", () => take(endBox, "end"));
find("cue-form").addEventListener("submit", (event) => event.preventDefault());
find("shift").addEventListener("submit", (event) => {
  event.preventDefault();
  const by = milliseconds(event.target.elements.by.value);
  if (by) { book.shift(by); changed(); }
});

if (video) {
  const follow = () => {
    if (stopAt !== null && now() >= stopAt) { video.pause(); stopAt = null; }
    draw();
    if (!video.paused) requestAnimationFrame(follow);
  };
  video.addEventListener("play", follow);
  video.addEventListener("seeked", draw);
}
window.addEventListener("resize", draw);
window.addEventListener("beforeunload", (event) => { if (!book.isSaved) event.preventDefault(); });
load().then(async () => {
  if (!new URLSearchParams(location.search).has("moved")) return;
  history.replaceState(null, "", location.pathname);
  await takeMoved();
}).catch((error) => refuse(error.message));
