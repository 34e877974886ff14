// The as-run record: one JSON line per event, chained by sums, added to the browser's database and never changed.
// What the database does not take stays in memory until somebody saves it.

const remembered = {
  get(name) {
    try {
      return localStorage.getItem(`yuanjiao.${name}`);
    } catch {
      return null;
    }
  },

  set(name, value) {
    try {
      localStorage.setItem(`yuanjiao.${name}`, value);
    } catch {
      // Not allowed here: then nothing is remembered.
    }
  },
};

function randomName(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function machineName() {
  const name = remembered.get("machine") || `web-${randomName(5)}`;
  remembered.set("machine", name);
  return name;
}

class Shelf {
  // onRefused: called when the database takes nothing.
  constructor(onRefused) {
    this.database = undefined; // until it is opened; null when it may not be
    this.waiting = [];
    this.loose = [];
    this.refused = () => onRefused();
  }

  open() {
    this.opened = new Promise((resolve) => {
      try {
        const request = indexedDB.open("yuanjiao", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("lines", { keyPath: ["boot", "n"] });
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => resolve(null);
      } catch {
        resolve(null);
      }
    }).then((database) => this.take(database));
  }

  take(database) {
    this.database = database;
    if (!database) this.refused();
    this.waiting.splice(0).forEach((entry) => this.add(entry));
  }

  add(entry) {
    if (!this.database) {
      (this.database === null ? this.loose : this.waiting).push(entry);
      return;
    }
    const change = this.database.transaction("lines", "readwrite", { durability: "strict" });
    change.onabort = () => {
      this.loose.push(entry);
      this.refused();
    };
    change.objectStore("lines").add(entry);
  }

  // All lines of a venue, those of each start in order.
  async lines(venue) {
    await this.opened;
    const kept = this.database ? await this.kept() : [];
    return [...kept, ...this.loose].filter((entry) => entry.venue === venue).map((entry) => entry.line);
  }

  kept() {
    return new Promise((resolve) => {
      const request = this.database.transaction("lines").objectStore("lines").getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve([]);
    });
  }
}

class AsRun {
  // now: gives wall and monotonic milliseconds and the offset from UTC in seconds.
  constructor(plan, shelf, now) {
    Object.assign(this, { plan, shelf, now, n: 0, machine: machineName(), boot: randomName(8) });
    this.prev = sha256(this.boot).slice(0, 16);
  }

  // fields: slot, sha16, pos, late, reason.
  write(event, fields = {}) {
    const moment = this.now();
    const line = JSON.stringify({
      v: 1, n: this.n, machine: this.machine, boot: this.boot, mono: Math.floor(moment.mono),
      wall: dates.iso(moment.wall, moment.offset), event, slot: fields.slot || null, kit: this.plan.kit,
      revision: this.plan.revision, sha16: fields.sha16 || null, pos: Math.max(0, Math.floor(fields.pos || 0)),
      late: Math.floor(fields.late || 0), reason: String(fields.reason || ""), prev: this.prev,
    });
    this.shelf.add({ boot: this.boot, n: this.n, venue: this.plan.venue.id, line });
    this.n += 1;
    this.prev = sha256(line).slice(0, 16);
  }

  // Save everything as a file; its name, or null when there is nothing.
  async save() {
    const lines = await this.shelf.lines(this.plan.venue.id);
    if (!lines.length) return null;
    const moment = this.now();
    const day = dates.isoDay(Math.floor(moment.wall / 1000), moment.offset);
    const link = document.createElement("a");
    link.download = `${this.plan.venue.id}_${this.machine}_${day}.jsonl`;
    link.href = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "application/octet-stream" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    return link.download;
  }
}
