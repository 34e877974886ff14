// The desk's own script: filters, previews, files dropped. What htmx and Sortable do (vendor/) is left to them.
// Without any of it every form still works.
"use strict";

// Enter that ends the composing of Chinese characters sends no form.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
}, true);

// Where one of several buttons decides, Enter in a field presses none of them.
for (const form of document.querySelectorAll("form[data-careful]")) {
  form.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input")) event.preventDefault(); });
}

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
    const answer = await fetch(`${form.dataset.frame}?${query}`, { headers: { "Desk-Part": "true" } });
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

// What the server tells as it goes; nothing is taken away from under a person's hands: the focus comes back to where it was.
for (const place of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(place.dataset.events);
  source.addEventListener(place.dataset.event, (event) => {
    const held = place.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
    place.innerHTML = event.data;
    if (held) document.getElementById(held)?.querySelector("a, button")?.focus();
  });
}

// Files dropped onto the page, and how far they have come.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  const bar = form.querySelector("progress");
  const list = () => chosen.replaceChildren(...[...input.files].map((file) => {
    const line = document.createElement("li");
    line.textContent = `${file.name} · ${(file.size / 1e6).toFixed(1)} MB`;
    return line;
  }));
  input.addEventListener("change", list);
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    input.files = event.dataTransfer.files;
    list();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "text";
    request.upload.addEventListener("progress", (told) => { bar.hidden = false; bar.value = 100 * told.loaded / told.total; });
    request.addEventListener("load", () => {
      if (request.status < 400) { location.assign(request.responseURL); return; }
      bar.hidden = true;
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const said = page.querySelector(".problems");
      form.querySelector(".problems")?.remove();
      if (said) form.append(document.adoptNode(said));
    });
    request.addEventListener("error", () => { bar.hidden = true; });
    request.send(new FormData(form));
  });
}

// What was filled in and not saved is not left by mistake; looking at it in a frame leaves nothing.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let isChanged = form.dataset.unsaved === "changed";
  form.addEventListener("input", () => { isChanged = true; });
  form.addEventListener("submit", (event) => { if (!event.submitter?.formTarget) isChanged = false; });
  window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
}
