// The page of a review: comments and subtitles lead to their moment; the moment of the video is taken by a button.
"use strict";

const video = document.querySelector("video");
const at = document.querySelector("[data-at]");
const spoken = [...document.querySelectorAll("[data-spoken] [data-jump]")];

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}.${Math.floor((seconds % 1) * 10)}`;
const take = () => { at.value = clock(video.currentTime); };

document.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (!jump) return;
  video.currentTime = Number(jump.dataset.jump) / 1000;
  video.scrollIntoView({ block: "nearest" });
});
document.querySelector("[data-now]").addEventListener("click", () => { take(); document.getElementById("words").focus(); });
if (/^#\d+$/.test(location.hash)) video.currentTime = Number(location.hash.slice(1)) / 1000;
video.addEventListener("pause", take);
video.addEventListener("timeupdate", () => {
  const now = video.currentTime * 1000;
  const current = spoken.filter((one) => Number(one.dataset.jump) <= now).pop();
  for (const one of spoken) one.parentElement.toggleAttribute("aria-current", one === current);
});
