"use strict";
// The video that the page carries; a time that is clicked; the subtitle that is on.
(() => {
  const film = document.getElementById("film");
  const packed = document.getElementById("packed");
  if (packed) {
    const raw = atob(packed.textContent.trim());
    const bytes = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
    film.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    packed.remove();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ms]");
    if (!button) return;
    film.currentTime = Number(button.dataset.ms) / 1000 + 0.001;
    const place = film.getBoundingClientRect();
    if (place.bottom < 0 || place.top > window.innerHeight) film.scrollIntoView({ block: "start" });
  });
  const list = document.getElementById("cues");
  const cues = list ? [...list.children] : [];
  film.addEventListener("timeupdate", () => {
    const now = film.currentTime * 1000;
    const on = cues.findLast((cue) => Number(cue.dataset.from) <= now);
    for (const cue of cues) cue.toggleAttribute("aria-current", cue === on);
    if (on && !film.paused) list.scrollTop = on.offsetTop - list.offsetTop - list.clientHeight / 3;
  });
})();
