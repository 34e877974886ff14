// The plan that the page carries: what is on at a second, what comes next. Pure; seconds since 1970.

const SKIP_S = 2; // what has less left is not begun any more
const TOLD = new Set(["lesson", "notice", "lecture", "activity", "training"]);

// The index of the last item that starts at or before `second`; -1 when there is none.
function lastBefore(items, second) {
  let low = -1;
  let high = items.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (items[middle].start_s <= second) low = middle;
    else high = middle - 1;
  }
  return low;
}

const endOf = (slot) => slot.start_s + slot.seconds;

const plans = {
  slotAt(plan, second) {
    const slot = plan.slots[lastBefore(plan.slots, second)];
    return slot && second < endOf(slot) ? slot : null;
  },

  slotAfter(plan, second) {
    return plan.slots[lastBefore(plan.slots, second) + 1] || null;
  },

  windowAt(plan, second) {
    const window = plan.windows[lastBefore(plan.windows, second)];
    return window && second < window.end_s ? window : null;
  },

  isTooLate(slot, second) {
    return endOf(slot) - second < SKIP_S && slot.seconds > SKIP_S;
  },

  // The offset from UTC at a moment: that of the slot or window last begun, so a change of the clocks is followed.
  offsetAt(plan, second) {
    const item = plan.slots[lastBefore(plan.slots, second)] || plan.slots[0] || plan.windows[0];
    return dates.offsetOf(item ? item.start : plan.built);
  },

  // What is worth a line to a reader: no idents, slogans and fillers.
  isTold(slot) {
    return TOLD.has(slot.kind) && slot.title !== "";
  },

  nextTold(plan, second, count) {
    const found = [];
    for (let i = lastBefore(plan.slots, second) + 1; i < plan.slots.length && found.length < count; i += 1) {
      if (plans.isTold(plan.slots[i])) found.push(plan.slots[i]);
    }
    return found;
  },

  // What lies in the day of a moment, and after midnight what still belongs to the evening that is on.
  today(plan, second) {
    const offset = plans.offsetAt(plan, second);
    const midnight = dates.parts(second, offset).days * 86400 - offset;
    const window = plans.windowAt(plan, second);
    const from = window ? Math.min(midnight, window.start_s) : midnight;
    const night = plan.windows[lastBefore(plan.windows, midnight + 86399)];
    const to = Math.max(midnight + 86400, night ? night.end_s : 0);
    return plan.slots.filter((slot) => plans.isTold(slot) && slot.start_s >= from && slot.start_s < to);
  },
};
