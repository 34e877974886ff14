// A venue's week: a showing dragged onto another, by mouse or finger, changes places with it; two boxes and the button do the same.
import Sortable from "./vendor/sortable.complete.esm.js";

const HOLD = 300; // milliseconds a finger rests on a row that it drags; a shorter touch scrolls

for (const form of document.querySelectorAll("form[data-swaps]")) {
  new Sortable(form.querySelector("[data-rows]"), {
    draggable: "tr[data-at]",
    swap: true,
    swapClass: "over",
    delay: HOLD,
    delayOnTouchOnly: true,
    filter: "input",
    preventOnFilter: false,
    onEnd: ({ item, swapItem }) => {
      if (!swapItem || swapItem === item) return;
      const two = [item.dataset.at, swapItem.dataset.at];
      for (const box of form.querySelectorAll("input[name=at]")) box.checked = two.includes(box.value);
      form.querySelector("button[value=swap]").click();
    },
  });
}
