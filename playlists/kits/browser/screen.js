// What is drawn: cards over the kit's picture, words at the foot, lists. All text is text, never markup; each piece
// stands alone, so that a letter that turns the direction of writing turns no more than its own title.

const byId = (id) => document.getElementById(id);

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text !== undefined) {
    const alone = document.createElement("bdi");
    alone.textContent = text;
    made.append(alone);
  }
  return made;
}

class Screen {
  constructor() {
    this.picture = byId("picture");
    this.picture.addEventListener("error", () => {
      this.picture.hidden = true;
    });
  }

  card(path, rows) {
    if (this.path !== path) {
      this.path = path;
      this.picture.hidden = false;
      this.picture.src = path;
    }
    byId("ground").hidden = false;
    const card = byId("card");
    card.replaceChildren(...rows.map(([kind, text]) => element("p", kind, text)));
    card.hidden = false;
    this.fit(card);
  }

  // Smaller letters until all of it is seen.
  fit(card) {
    for (let size = 100; size >= 30; size -= 7) {
      card.style.fontSize = `${size}%`;
      if (card.scrollHeight <= card.clientHeight + 1) return;
    }
  }

  // A video is on.
  clear() {
    byId("card").hidden = true;
    byId("ground").hidden = true;
  }

  black() {
    this.clear();
  }

  // Words at the foot; for `seconds`, or until `quiet`.
  say(text, seconds) {
    clearTimeout(this.timer);
    byId("strip").replaceChildren(element("p", "", text));
    byId("strip").hidden = false;
    if (seconds) this.timer = setTimeout(() => this.quiet(), seconds * 1000);
  }

  quiet() {
    byId("strip").hidden = true;
  }

  // A list over everything, closed when asked for again.
  toggleList(name, heading, rows) {
    const panel = byId("panel");
    const isOpen = !panel.hidden && panel.dataset.name === name;
    panel.dataset.name = name;
    panel.hidden = isOpen;
    if (!isOpen) panel.replaceChildren(element("h2", "", heading), ...rows);
  }
}

// The rows of today's list; what is on is marked.
function listRows(rows) {
  return rows.map(([slot, minute, isOn]) => {
    const row = element("p", isOn ? "row on" : "row");
    row.append(element("time", "", minute), element("span", slot.kind, slot.title));
    return row;
  });
}
