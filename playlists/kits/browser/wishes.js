// What ought to be on at a moment: the same in, the same out. `since` is when it began, in milliseconds.

function quietWish(plan, now) {
  const open = plans.windowAt(plan, Math.floor(now / 1000)) !== null;
  const kind = open || plan.idle !== "black" ? "idle" : "black";
  return { kind, key: `${kind}/${open}`, since: now, slot: null, reason: open ? "gap" : "closed" };
}

// fault: what is wrong with the clock or null. on: the key of what is on, which is never skipped as too late.
function wishAt(plan, fault, now, on) {
  if (fault) return { kind: "safe", key: `safe/${fault}`, since: now, slot: null, reason: fault };
  const second = Math.floor(now / 1000);
  const slot = plans.slotAt(plan, second);
  if (!slot) return quietWish(plan, now);
  const kind = slot.file ? "slot" : "event";
  const wish = { kind, key: `slot/${slot.id}`, since: slot.start_s * 1000, slot, reason: "" };
  if (kind === "slot" && wish.key !== on && plans.isTooLate(slot, second)) {
    return Object.assign(quietWish(plan, now), { skipped: slot });
  }
  return wish;
}
