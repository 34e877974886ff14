// Two videos as a tape deck: one plays, the other is made ready. Aims at the position that the clock wants, waits for
// the moment, keeps to it, and tells when a file fails. Knows nothing of plans.

const FAR_S = 0.5; // off by more than this, the position is sought again
const NEAR_S = 0.25; // near enough to begin
const STANDSTILL_MS = 5000;
const SEEK_AGAIN_MS = 2000;
const MOST_TRIES = 5;
const MOST_LEAD_S = 3;

// A file that is not there and one that is no video have the same code; Chromium's words differ.
function faultOf(error) {
  return error.message.startsWith("MEDIA_ELEMENT_ERROR") ? "not-found" : "unreadable";
}

class Deck {
  // mono: milliseconds of a clock that nobody sets. tell: shown(tape, pos), failed(tape, reason), blocked().
  constructor(videos, mono, tell) {
    Object.assign(this, { mono, tell, tape: null, phase: null, lead: 0.15, level: 1, muted: false });
    this.reels = videos.map((video) => ({ video, path: null, fault: null }));
    this.reels.forEach((reel) => {
      reel.video.addEventListener("error", () => {
        if (reel.path) reel.fault = faultOf(reel.video.error);
      });
    });
  }

  load(reel, path) {
    if (reel.path === path && !reel.fault) return;
    Object.assign(reel, { path, fault: null });
    reel.video.src = path.split("/").map(encodeURIComponent).join("/");
    reel.video.load();
  }

  // Have the next file ready behind the one that plays.
  prepare(path) {
    const isBusy = this.phase === "loading" || this.phase === "aiming";
    if (!isBusy && this.reels[1].path !== path) this.load(this.reels[1], path);
  }

  // tape: path, position() (seconds, at that moment), seconds or null, loops, volume (0..100).
  play(tape) {
    const reel = this.reels[1];
    this.load(reel, tape.path);
    reel.video.loop = tape.loops;
    Object.assign(this, { tape, phase: "loading", tries: 0, asked: this.mono(), turned: 0, pos: 0 });
    this.tick();
  }

  // Nothing plays any more; what is behind the videos is seen.
  stop() {
    this.tape = null;
    this.phase = null;
    this.reels.forEach((reel) => {
      reel.video.pause();
      reel.video.classList.remove("on");
    });
  }

  fail(reason) {
    const tape = this.tape;
    this.tape = null;
    this.phase = null;
    this.tell.failed(tape, reason);
  }

  get reel() {
    return this.phase === "on" ? this.reels[0] : this.reels[1];
  }

  tick() {
    if (!this.tape) return;
    if (this.reel.fault) this.fail(this.reel.fault);
    else if (this.phase === "on") this.keep(this.reel.video);
    else if (this.mono() - this.asked > STANDSTILL_MS) this.fail("standstill");
    else if (this.phase === "loading") this.open(this.reel.video);
    else this.aim(this.reel.video);
  }

  open(video) {
    if (video.readyState < HTMLMediaElement.HAVE_METADATA) return;
    if (this.tape.seconds && video.duration < this.tape.seconds - 1.5) {
      this.fail("length");
      return;
    }
    this.phase = "aiming";
    if (this.tape.position() > NEAR_S) this.seek(video);
    this.aim(video);
  }

  seek(video) {
    const most = Math.max(0, video.duration - 0.1);
    video.currentTime = Math.min(most, this.tape.position() + this.lead);
    this.sought = this.mono();
  }

  // A place a little ahead was sought; when it is there, wait until the clock is there too.
  aim(video) {
    if (video.seeking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const ahead = video.currentTime - this.tape.position();
    if (ahead > 0.02 && ahead < MOST_LEAD_S) return;
    if (Math.abs(ahead) > NEAR_S && this.tries < MOST_TRIES) {
      this.tries += 1;
      this.lead = Math.min(MOST_LEAD_S, Math.max(0.05, this.lead - ahead + 0.05));
      this.seek(video);
      return;
    }
    this.begin(video);
  }

  begin(video) {
    const before = this.reels[0].video;
    this.reels[0].path = null;
    this.reels.reverse();
    this.phase = "on";
    Object.assign(this, { pos: video.currentTime, moved: this.mono(), sought: this.mono() });
    this.setVolume();
    video.classList.add("on");
    before.classList.remove("on");
    before.pause();
    video.play().catch((error) => {
      if (error.name === "NotAllowedError") this.tell.blocked();
    });
    this.tell.shown(this.tape, video.currentTime);
  }

  keep(video) {
    const now = this.mono();
    const pos = video.currentTime;
    if (pos !== this.pos) this.moved = now;
    if (this.tape.loops && pos < this.pos - 0.5) this.turned += video.duration;
    this.pos = pos;
    if (video.ended) {
      if (this.tape.seconds && pos < this.tape.seconds - 1.5) this.fail("short");
      return;
    }
    if (now - this.moved > STANDSTILL_MS) this.fail("standstill");
    else if (!this.tape.loops && now - this.sought > SEEK_AGAIN_MS) this.correct(video, pos);
  }

  correct(video, pos) {
    const behind = this.tape.position() - pos;
    if (Math.abs(behind) <= FAR_S) return;
    // What was sought a moment ago and is behind again was sought not far enough ahead.
    if (this.mono() - this.sought < 3 * SEEK_AGAIN_MS) this.lead = Math.min(MOST_LEAD_S, Math.max(0, this.lead + behind));
    this.seek(video);
  }

  // Seconds of the tape that have been on, all its turns together.
  reached() {
    return this.phase === "on" ? this.turned + this.pos : 0;
  }

  // level: 0..1, as set by a person.
  setVolume(level = this.level, muted = this.muted) {
    Object.assign(this, { level, muted });
    const video = this.reels[0].video;
    video.volume = level * (this.tape ? this.tape.volume / 100 : 1);
    video.muted = muted;
  }
}
