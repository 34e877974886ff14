// What the subtitle editor asks of the desk. Knows no page; a refusal is an error that says why.

const LOOK = 500; // milliseconds until one asks again how far it is

export class CueDesk {
  constructor(home, lost) {
    this.home = home;
    this.lost = lost; // what is said when nobody answers
  }

  async ask(path, fields) {
    const body = new FormData();
    for (const [key, value] of Object.entries(fields)) body.append(key, value);
    return this.read(`${this.home}/${path}`, { method: "POST", body });
  }

  async fetch(path) { return this.read(`${this.home}/${path}`, {}); }

  async read(address, options) {
    let answer;
    try {
      answer = await fetch(address, { ...options, headers: { "Desk-Part": "true" } });
    } catch {
      throw new Error(this.lost);
    }
    if (answer.ok) return answer.json();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    throw new Error([...page.querySelectorAll("li")].map((line) => line.textContent.trim()).join(" "));
  }

  // What the last moving by the sound has found; `told` is called with it while it goes on.
  async moved(told) {
    for (;;) {
      const found = await this.fetch("moved.json");
      if (found.state !== "waiting" && found.state !== "running") return found;
      told(found);
      await new Promise((resolve) => { setTimeout(resolve, LOOK); });
    }
  }
}
