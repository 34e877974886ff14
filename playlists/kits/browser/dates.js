// Moments as text: seconds since 1970 and offsets from UTC in seconds, which come out of the plan's own texts.

const pad = (number, width = 2) => String(number).padStart(width, "0");

const dates = {
  // "2026-11-30T18:30:00+08:00" → 28800.
  offsetOf(text) {
    const found = /([+-])(\d\d):(\d\d)$/.exec(text);
    return found ? (found[1] === "-" ? -1 : 1) * (found[2] * 3600 + found[3] * 60) : 0;
  },

  parts(second, offset) {
    const moment = new Date(Math.floor(second + offset) * 1000);
    return {
      year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, day: moment.getUTCDate(),
      hour: moment.getUTCHours(), minute: moment.getUTCMinutes(), second: moment.getUTCSeconds(),
      weekday: (moment.getUTCDay() + 6) % 7, days: Math.floor((second + offset) / 86400),
    };
  },

  // "18:30".
  minute(second, offset) {
    const at = dates.parts(second, offset);
    return `${pad(at.hour)}:${pad(at.minute)}`;
  },

  // "2026-11-30".
  isoDay(second, offset) {
    const at = dates.parts(second, offset);
    return `${at.year}-${pad(at.month)}-${pad(at.day)}`;
  },

  // Milliseconds → "2026-11-30T18:30:00.041+08:00".
  iso(ms, offset) {
    const second = Math.floor(ms / 1000);
    const at = dates.parts(second, offset);
    const away = Math.abs(offset);
    const zone = `${offset < 0 ? "-" : "+"}${pad(Math.floor(away / 3600))}:${pad(Math.floor(away / 60) % 60)}`;
    const clock = `${pad(at.hour)}:${pad(at.minute)}:${pad(at.second)}.${pad(Math.floor(ms) % 1000, 3)}`;
    return `${dates.isoDay(second, offset)}T${clock}${zone}`;
  },

  // "11月30日　星期一".
  day(second, offset) {
    const at = dates.parts(second, offset);
    return words.date(at.month, at.day, words.weekdays[at.weekday]);
  },
};
