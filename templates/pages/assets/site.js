// What the reader's clock knows of a page (today, what is on now), the weeks before and after, and the search.
// Needs no network: what it searches lies beside it in search.js, the other weeks in weeks.js.
"use strict";
(() => {
  const all = (selector, home = document) => [...home.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const iso = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  const minutes = (date) => date.getHours() * 60 + date.getMinutes();
  const link = (href, said) => Object.assign(document.createElement("a"), { href, textContent: said });
  const said = (name, content) => Object.assign(document.createElement(name), { textContent: content });
  const data = window.yuanjiao;
  const weeks = window.yuanjiaoWeeks || [];

  // The evening before goes on after midnight.
  const moments = () => {
    const now = new Date();
    const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
    return [{ day: iso(now), at: minutes(now) }, { day: iso(before), at: minutes(now) + 1440 }];
  };

  function linkWeeks() {
    const bar = one(".weeks");
    const place = bar ? weeks.findIndex((week) => week.week === bar.dataset.week) : -1;
    if (place < 0) return;
    const home = bar.querySelector("a").getAttribute("href").replace(/index\.html.*$/, "");
    const [next, last] = [weeks[place - 1], weeks[place + 1]];
    if (last) bar.append(link(`${home}${last.week}/index.html`, "上一周"));
    if (next) bar.append(link(`${home}${next.week}/index.html`, "下一周"));
    const today = weeks.find((week) => week.first <= iso(new Date()) && iso(new Date()) <= week.last);
    if (today && today.week !== bar.dataset.week) bar.append(link(`${home}${today.week}/index.html`, "本周"));
  }

  function nameWeeks() {
    const today = iso(new Date());
    const rows = all(".weeklist li");
    const present = rows.find((row) => row.dataset.first <= today && today <= row.dataset.last);
    const name = (row, label) => { if (row) { const em = row.querySelector("em"); em.textContent = label; em.hidden = false; } };
    name(present, "本周");
    if (present) present.classList.add("this");
    name(rows.filter((row) => row.dataset.first > today).pop(), "下周");
    name(rows.find((row) => row.dataset.last < today), "上周");
  }

  const within = (element, now) => Number(element.dataset.from) <= now.at && now.at < Number(element.dataset.to);

  const opened = new Set();

  function markNow() {
    const now = moments();
    all(".is-on, .is-today").forEach((element) => element.classList.remove("is-on", "is-today"));
    const lines = [];
    for (const moment of now) {
      for (const group of all(".day[data-dates]")) {
        if (!group.dataset.dates.split(" ").includes(moment.day)) continue;
        if (moment === now[0]) { group.classList.add("is-today"); group.open = opened.has(group) ? group.open : true; opened.add(group); }
        for (const row of all("tr[data-from]", group).filter((found) => within(found, moment))) {
          row.classList.add("is-on");
          const label = row.querySelector(".label, b, .title, .singles span");
          lines.push(`现在播出：${label ? label.textContent : ""}（${row.cells[0].textContent}）`);
        }
      }
      for (const event of all(".events > li[data-date]")) {
        if (event.dataset.date === moment.day && within(event, moment)) event.classList.add("is-on");
      }
    }
    sayToday(now[0], lines.concat(markPlaces(now)));
  }

  function sayToday(now, lines) {
    const box = one(".today");
    const day = box && one(`.dates [data-date="${now.day}"]`);
    if (!day) return;
    box.hidden = false;
    box.querySelector(".date").textContent = day.textContent;
    const events = all(`.events > li[data-date="${now.day}"]`).filter((event) => Number(event.dataset.to) > now.at);
    const coming = events.map((event) => `${event.querySelector(".when").textContent.split("） ")[1] || ""} ${event.querySelector("b").textContent}`);
    const told = lines.length ? lines : ["现在没有播出"];
    box.querySelector(".now").replaceChildren(...told.concat(coming.slice(0, 3)).map((line) => said("span", line)));
  }

  // Which venues are on, by the hours that they share.
  function markPlaces(now) {
    if (!data) return [];
    const shift = (day) => Math.round((new Date(`${day}T12:00`) - new Date(`${data.monday}T12:00`)) / 86400000);
    const open = data.hours.map((week) => now.some((moment) => (week[shift(moment.day)] || []).some(([from, to]) => from <= moment.at && moment.at < to)));
    const counts = data.towns.map(() => 0);
    data.venues.forEach((venue) => { if (open[venue[5]]) counts[venue[2]] += 1; });
    all(".places [data-venue]").forEach((row) => row.classList.toggle("on", open[data.venues[row.dataset.venue][5]]));
    all(".towns [data-town]").forEach((card) => {
      all(".on", card).forEach((mark) => mark.remove());
      const count = counts[card.dataset.town];
      if (count) card.append(Object.assign(said("span", `${count}个正在播放`), { className: "on" }));
    });
    const shown = all(".places:not(.results) [data-venue]").filter((row) => open[data.venues[row.dataset.venue][5]]).length;
    return shown ? [`现在有${shown}个场所正在播放`] : [];
  }

  // ---- search ----

  const most = 40;
  const matches = (word, ...texts) => texts.some((content) => content.toLowerCase().includes(word));
  const has = (bits, number) => (parseInt(bits[bits.length - 1 - (number >> 2)] || "0", 16) >> (number & 3)) & 1;
  const way = (name) => encodeURIComponent(name);

  function find(typed) {
    const word = typed.trim().toLowerCase().replace(/\s+/g, "");
    if (!word) return [];
    const found = [];
    data.towns.forEach(([slug, name, pinyin]) => { if (matches(word, name, pinyin)) found.push([`towns/${way(slug)}.html`, name, "乡镇"]); });
    data.venues.forEach(([slug, name, town, pinyin, kind]) => {
      if (matches(word, name, pinyin)) found.push([`${way(slug)}.html`, name, `${data.towns[town][1]} ${kind}`]);
    });
    data.lessons.forEach(([title, series, pinyin, bits]) => {
      if (!matches(word, title, series, pinyin)) return;
      const places = data.venues.filter((_, number) => has(bits, number));
      found.push(["", `${title}`, `${series}　本周在${places.length}个场所播出`, places]);
    });
    return found;
  }

  function row([href, name, note, places]) {
    const item = document.createElement("li");
    item.append(href ? link(href, name) : said("span", name), " ", said("small", note));
    if (places) {
      const more = document.createElement("details");
      more.append(said("summary", "在哪里看"));
      places.slice(0, most).forEach((venue) => more.append(link(`${way(venue[0])}.html`, venue[1]), " "));
      if (places.length > most) more.append(said("small", `等${places.length}个`));
      item.append(more);
    }
    return item;
  }

  function search() {
    const box = one(".search");
    if (!box || !data) return;
    box.hidden = false;
    const field = one("#find");
    field.addEventListener("input", () => {
      const found = find(field.value);
      one(".results").replaceChildren(...found.slice(0, most).map(row));
      const empty = field.value.trim() ? "没有找到，换个字试试" : "";
      one(".found").textContent = found.length ? `找到${found.length}个${found.length > most ? `，先列${most}个` : ""}` : empty;
    });
  }

  nameWeeks();
  // The address that stays leads to this week; the list of all weeks is at #all.
  const present = one(".weeklist .this > a");
  if (present && location.hash !== "#all") location.replace(present.href);
  linkWeeks();
  search();
  markNow();
  setInterval(markNow, 30000);
})();
