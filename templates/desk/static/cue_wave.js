// The sound around a moment on a canvas: its outline, speech shaded, the subtitles over it, where it plays.

const WINDOW = 20000; // milliseconds in sight
const BAND = 22; // pixels at the top, where the subtitles are
const GRIP = 7; // pixels beside an edge within which it is taken

export class CueWave {
  constructor(canvas) {
    this.canvas = canvas;
    this.from = 0;
    this.sound = null;
  }

  hear(sound) {
    const bytes = atob(sound.peaks);
    this.sound = { ...sound, peaks: Uint8Array.from(bytes, (ch) => ch.charCodeAt(0)) };
  }

  get speech() { return this.sound ? this.sound.speech : []; }
  at(x) { return Math.max(0, Math.round(this.from + (x / this.canvas.clientWidth) * WINDOW)); }

  // Which edge of the cue lies under x, if one does; of two as near, the end.
  edgeAt(x, cue) {
    if (!cue) return null;
    const far = (ms) => Math.abs(((ms - this.from) / WINDOW) * this.canvas.clientWidth - x);
    const edge = far(cue.end) <= far(cue.start) ? "end" : "start";
    return far(cue[edge]) <= GRIP ? edge : null;
  }

  // Keeps a stretch in sight; moves only when it must.
  show(start, end = start) {
    if (start < this.from || end > this.from + WINDOW) this.from = Math.max(0, start - WINDOW / 8);
  }

  draw(cues, chosen, now) {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (this.canvas.width !== width * ratio) { this.canvas.width = width * ratio; this.canvas.height = height * ratio; }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = "#241f1b";
    pen.fillRect(0, 0, width, height);
    const x = (ms) => ((ms - this.from) / WINDOW) * width;
    const inSight = (start, end) => end > this.from && start < this.from + WINDOW;
    pen.fillStyle = "#3d4a3a";
    for (const [start, end] of this.speech) if (inSight(start, end)) pen.fillRect(x(start), BAND, x(end) - x(start), height - BAND);
    this.drawPeaks(pen, width, height);
    pen.font = "12px sans-serif";
    pen.textBaseline = "middle";
    for (const cue of cues) if (inSight(cue.start, cue.end)) this.drawCue(pen, cue, x, cue === chosen, height);
    pen.fillStyle = "#ff6b5e";
    pen.fillRect(x(now) - 1, 0, 2, height);
  }

  drawPeaks(pen, width, height) {
    if (!this.sound) return;
    const { peaks, step_ms: step } = this.sound;
    const middle = (BAND + height) / 2;
    pen.fillStyle = "#d8a23a";
    for (let column = 0; column < width; column++) {
      const first = Math.floor((this.from + (column / width) * WINDOW) / step);
      const last = Math.max(first + 1, Math.floor((this.from + ((column + 1) / width) * WINDOW) / step));
      let peak = 0;
      for (let index = first; index < last && index < peaks.length; index++) peak = Math.max(peak, peaks[index]);
      const half = Math.sqrt(peak / 255) * (height - BAND) / 2;
      if (first < peaks.length) pen.fillRect(column, middle - half, 1, Math.max(1, 2 * half));
    }
  }

  drawCue(pen, cue, x, isChosen, height) {
    const [left, wide] = [x(cue.start), Math.max(2, x(cue.end) - x(cue.start) - 1)];
    if (isChosen) { pen.fillStyle = "rgba(255, 255, 255, .16)"; pen.fillRect(left, 0, wide, height); }
    pen.fillStyle = isChosen ? "#fbefd8" : "#8b8177";
    pen.fillRect(left, 2, wide, BAND - 4);
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, wide, BAND);
    pen.clip();
    pen.fillStyle = isChosen ? "#241f1b" : "#fff";
    pen.fillText(cue.text.replace(/\n/g, " "), left + 4, BAND / 2);
    pen.restore();
  }
}
