// The desk's own script: filters, previews, tasks as they go. Without it every form still works.
"use strict";

// Enter that ends the composing of Chinese characters sends no form.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
}, true);

// A table's rows by what is typed.
for (const box of document.querySelectorAll("[data-filters]")) {
  const rows = [...document.querySelectorAll(`#${box.dataset.filters} tbody tr[data-words]`)];
  const words = rows.map((row) => row.dataset.words.toLowerCase());
  const told = document.querySelector(`[data-count="${box.dataset.filters}"]`);
  const sift = () => {
    const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const fits = wanted.every((word) => words[index].includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    if (told) told.textContent = wanted.length ? `${shown} / ${rows.length}` : "";
  };
  box.addEventListener("input", sift);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  sift();
}

// Any moment of a lesson on any screen.
for (const form of document.querySelectorAll("form[data-frame]")) {
  const picture = document.querySelector("[data-frame-picture]");
  const refusal = document.querySelector("[data-frame-refusal]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    const query = new URLSearchParams(new FormData(form));
    const answer = await fetch(`${form.dataset.frame}?${query}`, { headers: { "HX-Request": "true" } });
    const good = answer.ok;
    refusal.hidden = good;
    picture.hidden = !good;
    if (good) {
      const last = picture.src;
      picture.src = URL.createObjectURL(await answer.blob());
      if (last) URL.revokeObjectURL(last);
    } else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      refusal.textContent = [...page.querySelectorAll("li")].map((line) => line.textContent).join(" ");
    }
    form.removeAttribute("aria-busy");
  });
}

// What the server tells as it goes.
for (const place of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(place.dataset.events);
  source.addEventListener(place.dataset.event, (event) => {
    if (!place.contains(document.activeElement)) place.innerHTML = event.data;
  });
}
