// What the cards and lists say: data in, rows of text out. A row is [class, text].

function when(plan, slot, second) {
  const offset = plans.offsetAt(plan, second);
  const minute = dates.minute(slot.start_s, offset);
  const isToday = dates.parts(slot.start_s, offset).days === dates.parts(second, offset).days;
  return isToday ? minute : `${dates.day(slot.start_s, offset)}　${minute}`;
}

const titled = (slot) => (words.event[slot.kind] ? slot.title : `《${slot.title}》`);

const cards = {
  // A live event: what, who, until when.
  event(plan, slot) {
    const rows = [["kind", words.event[slot.kind] || ""], ["title", slot.title]];
    if (slot.who) rows.push(["who", words.who(slot.who)]);
    rows.push(["until", words.ends(dates.minute(endOf(slot), plans.offsetAt(plan, slot.start_s)))]);
    return rows;
  },

  // Between programmes: the clock, the venue, what comes next.
  idle(plan, second) {
    const offset = plans.offsetAt(plan, second);
    const rows = [
      ["clock", dates.minute(second, offset)], ["date", dates.day(second, offset)], ["venue", plan.venue.name],
    ];
    const [slot] = plans.nextTold(plan, second, 1);
    if (!slot) return [...rows, ["next", words.noNext]];
    return [...rows, ["next", `${words.nextOne}　${when(plan, slot, second)}`], ["coming", titled(slot)]];
  },

  // When no file is left.
  bare(plan) {
    return [["venue", plan.venue.name]];
  },

  validity(plan) {
    const offset = dates.offsetOf(plan.valid.from);
    const day = (second) => {
      const at = dates.parts(second, offset);
      return `${at.month}月${at.day}日`;
    };
    // What ends at midnight ends with the day before.
    return words.kit(plan.revision, day(plan.valid.from_s), day(plan.valid.to_s - 1));
  },

  // The rest of today: [slot, minute, whether it is on].
  today(plan, second) {
    const offset = plans.offsetAt(plan, second);
    return plans.today(plan, second)
      .filter((slot) => endOf(slot) > second)
      .map((slot) => [slot, dates.minute(slot.start_s, offset), slot.start_s <= second]);
  },
};
