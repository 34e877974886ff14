// The keys and buttons: mute, volume, today's list, attendance, saving the record, "the clock is right", help.

const STEP = 0.1;
const REST_MS = 4000; // after which the mouse and the buttons are hidden

function actionsOf(page) {
  const { deck, screen, record } = page;
  const second = () => Math.floor(page.now() / 1000);
  function turn(by) {
    deck.setVolume(Math.min(1, Math.max(0, deck.level + by)));
    screen.say(words.volume(Math.round(deck.level * 100)), 3);
  }
  return {
    m() {
      deck.setVolume(deck.level, !deck.muted);
      screen.say(deck.muted ? words.muted : words.loud, 4);
    },
    arrowup: () => turn(STEP),
    arrowdown: () => turn(-STEP),
    l() {
      const rows = cards.today(page.plan, second());
      const heading = `${words.todayFrom}　${dates.day(second(), plans.offsetAt(page.plan, second()))}`;
      const shown = rows.length ? listRows(rows) : [element("p", "", words.over)];
      screen.toggleList("today", heading, shown);
    },
    h() {
      const rows = [...words.help, cards.validity(page.plan)].map((row) => element("p", "", row));
      screen.toggleList("help", "按键说明", rows);
    },
    t() {
      byId("tally").hidden = false;
      byId("count").value = "";
      byId("count").focus();
    },
    async s() {
      // So that what is on counts as far as it has come.
      if (page.isPlaying()) page.show.alive();
      const name = await record.save();
      const said = name ? words.saved(name) : words.nothingSaved;
      if (page.isPlaying()) screen.say(said, 12);
      else byId("hint").textContent = said;
    },
    c() {
      page.clock.believe();
      screen.say(words.clockBelieved, 4);
    },
    f() {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => null);
    },
    escape() {
      byId("panel").hidden = true;
      byId("tally").hidden = true;
    },
  };
}

function bindTally(page) {
  byId("tally").addEventListener("submit", (event) => {
    event.preventDefault();
    byId("tally").hidden = true;
    const count = byId("count").value.trim();
    if (!/^\d{1,5}$/.test(count)) return;
    page.record.write("tally", { slot: null, reason: count });
    page.screen.say(words.tallied(count), 5);
  });
}

function hideAtRest() {
  const { classList } = byId("stage");
  let timer;
  const wake = () => {
    classList.remove("rest");
    clearTimeout(timer);
    timer = setTimeout(() => classList.add("rest"), REST_MS);
  };
  ["mousemove", "pointerdown"].forEach((name) => document.addEventListener(name, wake));
  classList.add("rest");
}

function bindKeys(page) {
  const actions = actionsOf(page);
  const isSaving = (name) => name === "s";
  const isKnown = (name) => Object.hasOwn(actions, name) && (page.isPlaying() || isSaving(name));
  document.addEventListener("keydown", (event) => {
    const name = event.key.toLowerCase();
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!isKnown(name) || !(byId("tally").hidden || name === "escape")) return;
    event.preventDefault();
    actions[name]();
  });
  document.querySelectorAll("[data-key]").forEach((button) => {
    button.addEventListener("click", () => {
      if (isKnown(button.dataset.key)) actions[button.dataset.key]();
      button.blur();
    });
  });
  bindTally(page);
  hideAtRest();
}
