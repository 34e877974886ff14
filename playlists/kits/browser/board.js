// The page before it plays, and on a phone: what is on now, what comes, the rest of today.

const AT_ONCE = 12; // rows of today that are seen before one asks for more

function noteOf(plan, slot) {
  const ends = words.ends(dates.minute(endOf(slot), plans.offsetAt(plan, slot.start_s)));
  const parts = [words.event[slot.kind] || slot.series || "", slot.who ? words.who(slot.who) : "", ends];
  return parts.filter(Boolean).join("　");
}

class Board {
  constructor(plan) {
    this.plan = plan;
    byId("venue").textContent = plan.venue.name;
    byId("kit").textContent = cards.validity(plan);
  }

  // fault: what is wrong with the clock or null.
  draw(now, fault) {
    const second = Math.floor(now / 1000);
    const offset = plans.offsetAt(this.plan, second);
    byId("clock").textContent = `${dates.day(second, offset)}　${dates.minute(second, offset)}`;
    byId("fault").textContent = fault ? words.clock[fault] : "";
    byId("fault").hidden = !fault;
    const slot = fault ? null : plans.slotAt(this.plan, second);
    const told = slot && plans.isTold(slot) ? slot : null;
    byId("bar").style.width = told ? `${((now / 1000 - slot.start_s) / slot.seconds) * 100}%` : "0";
    const key = `${fault}/${slot && slot.id}/${Math.floor(second / 60)}`;
    if (key !== this.key) this.fill(second, told, fault);
    this.key = key;
  }

  fill(second, slot, fault) {
    const now = byId("now");
    now.className = slot && words.event[slot.kind] ? "event" : "";
    now.replaceChildren(element("p", "title", slot ? slot.title : words.none));
    if (slot) now.append(element("p", "note", noteOf(this.plan, slot)));
    const coming = fault ? [] : plans.nextTold(this.plan, second, 3);
    const rows = coming.map((one) => [one, when(this.plan, one, second), false]);
    byId("next").replaceChildren(...(rows.length ? listRows(rows) : [element("p", "none", words.noNext)]));
    const rest = fault ? [] : cards.today(this.plan, second);
    const empty = fault || plans.today(this.plan, second).length ? words.over : words.noToday;
    const first = rest.length ? listRows(rest.slice(0, AT_ONCE)) : [element("p", "none", fault ? "" : empty)];
    byId("today").replaceChildren(...first);
    byId("later").replaceChildren(...listRows(rest.slice(AT_ONCE)));
    byId("more").hidden = rest.length <= AT_ONCE;
    byId("count-later").textContent = words.later(rest.length - AT_ONCE);
  }
}
