// The page: what time is it, is that believed, what ought to be on; when that is not what is on, change over.
// Nothing is remembered from the item before.

const TICK_MS = 40;
const BOARD_MS = 500;
const ALIVE_MS = 60000;
const REMEMBER_MS = 10000;

const plan = JSON.parse(byId("plan").textContent);
const now = () => Date.now();
const mono = () => performance.now();
const mark = Number(remembered.get("mark"));
const clock = new Clock(mark > 0 ? mark : null);
const board = new Board(plan);
const screen = new Screen();
const state = { playing: false, fault: undefined, aliveAt: 0, markedAt: -REMEMBER_MS };

const shelf = new Shelf(() => screen.say(words.notKept, 30));
const record = new AsRun(plan, shelf, () => (
  { wall: now(), mono: mono(), offset: plans.offsetAt(plan, Math.floor(now() / 1000)) }
));
const tell = {
  shown: (tape, pos) => show.shown(tape, pos),
  failed: (tape, reason) => show.failed(tape, reason),
  blocked: () => stop(words.blocked),
};
const deck = new Deck([byId("first"), byId("second")], mono, tell);
const show = new Show(plan, { screen, deck }, now, (event, fields) => record.write(event, fields));

function tellClock(fault) {
  if (fault === state.fault || (fault === null && state.fault === undefined)) return;
  state.fault = fault;
  record.write("clock", { reason: fault || "right-again" });
  screen.quiet();
  if (fault) {
    const { wall, offset } = record.now();
    const moment = dates.iso(wall, offset).slice(0, 16).replace("T", " ");
    screen.say(words.clock[fault] + words.clockNow(moment));
  }
}

function changeOver(wish) {
  if (show.wish && show.wish.key === wish.key) return;
  const { skipped } = wish;
  if (skipped) record.write("skip", { slot: skipped.id, sha16: skipped.file, reason: "short" });
  show.begin(wish);
}

function rememberMark(at) {
  if (at - state.markedAt < REMEMBER_MS || clock.mark === null) return;
  state.markedAt = at;
  remembered.set("mark", String(Math.floor(clock.mark)));
}

function tick() {
  if (!state.playing) return;
  const at = mono();
  const fault = clock.judge(plan, now(), at);
  tellClock(fault);
  changeOver(wishAt(plan, fault, now(), show.wish && show.wish.key));
  show.follow(fault ? null : plans.slotAfter(plan, Math.floor(now() / 1000)));
  if (at - state.aliveAt >= ALIVE_MS) {
    state.aliveAt = at;
    show.alive();
  }
  rememberMark(at);
}

function stayAwake() {
  if (navigator.wakeLock && state.playing && !document.hidden) navigator.wakeLock.request("screen").catch(() => null);
}

function play() {
  if (state.playing) return;
  if (!record.n) record.write("boot", { reason: (/(Edg|Chrome|Firefox|Version)\/[\d.]+/.exec(navigator.userAgent) || [""])[0] });
  state.playing = true;
  state.aliveAt = mono();
  byId("board").hidden = true;
  byId("stage").hidden = false;
  stayAwake();
  tick();
}

// One page plays, however many are open.
function start() {
  if (!navigator.locks) {
    play();
    return;
  }
  navigator.locks.request("yuanjiao", { ifAvailable: true }, (lock) => {
    if (lock || state.held) {
      state.held = true;
      play();
      return lock ? new Promise(() => {}) : null;
    }
    byId("hint").textContent = words.other;
    return null;
  });
}

function stop(reason) {
  show.finish("stop");
  show.wish = null;
  deck.stop();
  state.playing = false;
  byId("stage").hidden = true;
  byId("board").hidden = false;
  byId("hint").textContent = reason;
}

window.addEventListener("pagehide", () => {
  if (!state.playing) return;
  show.finish("stop");
  record.write("stop");
});
document.addEventListener("visibilitychange", stayAwake);
byId("start").addEventListener("click", start);
byId("hint").textContent = words.starting;
shelf.open();
bindKeys({ plan, deck, screen, show, record, clock, now, isPlaying: () => state.playing });
setInterval(tick, TICK_MS);
setInterval(() => {
  if (!state.playing) board.draw(now(), clock.judge(plan, now(), mono()));
}, BOARD_MS);
board.draw(now(), clock.judge(plan, now(), mono()));
// The shortcut 网页播放.bat opens the page so, in a browser that lets it play at once.
if (location.hash === "#start") start();
