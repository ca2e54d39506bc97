// Lets an alarm be heard, and tells its clocks by the second. Pages are complete without it.
//
// The banner carries data-ring while the own region has not answered. If somebody has turned the
// sound on (browsers play nothing before a press), it rings until the region answers or the sound
// is turned off. A clock carries data-until in milliseconds, and its words beside it.
(() => {
  "use strict";
  const KEY = "samband-alarm-sound";
  const AGAIN_MS = 4000;

  const stored = () => {
    try {
      return window.localStorage.getItem(KEY) === "on";
    } catch {
      return false;
    }
  };
  let wanted = stored();
  let audio = null;

  // Two tones, twice: told apart from a telephone, and from a monitor's single one.
  const ring = () => {
    if (!audio || audio.state !== "running") return;
    [880, 660, 880, 660].forEach((pitch, place) => {
      const from = audio.currentTime + place * 0.28;
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, from);
      loud.gain.exponentialRampToValueAtTime(0.4, from + 0.03);
      loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.25);
      tone.connect(loud).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.27);
    });
  };

  const waits = () => Boolean(document.querySelector("#alarm-banner [data-ring]"));
  let timer = 0;
  const follow = () => {
    const on = wanted && waits();
    document.documentElement.dataset.alarmRings = String(on);
    if (on && !timer) {
      ring();
      timer = window.setInterval(ring, AGAIN_MS);
    } else if (!on && timer) {
      window.clearInterval(timer);
      timer = 0;
    }
  };

  const wake = () => {
    if (!wanted || !window.AudioContext) return;
    audio = audio || new window.AudioContext();
    void audio.resume().then(() => waits() && timer && ring());
  };

  const show = () =>
    document.querySelectorAll("[data-sound]").forEach((button) => {
      button.hidden = !window.AudioContext;
      button.setAttribute("aria-pressed", String(wanted));
      button.textContent = wanted ? button.dataset.on : button.dataset.off;
    });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sound]");
    if (button) {
      wanted = !wanted;
      try {
        window.localStorage.setItem(KEY, wanted ? "on" : "off");
      } catch {
        // Remembered on this page only.
      }
      show();
      if (!wanted && audio) void audio.suspend();
    }
    wake();
    follow();
  });
  document.addEventListener("keydown", wake, { passive: true });

  const two = (n) => String(n).padStart(2, "0");
  const span = (ms) => {
    const seconds = Math.floor(Math.abs(ms) / 1000);
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  };
  const tell = () =>
    document.querySelectorAll("[data-until]").forEach((clock) => {
      const left = Number(clock.dataset.until) - Date.now();
      // Past a day the words that came with the page say it better.
      if (!Number.isFinite(left) || Math.abs(left) > 86400000) return;
      const words = left < 0 ? clock.dataset.late : clock.dataset.left;
      clock.textContent = `(${(words || "{time}").replace("{time}", span(left))})`;
    });

  const banner = document.getElementById("alarm-banner");
  if (banner) new MutationObserver(follow).observe(banner, { childList: true, subtree: true });
  show();
  follow();
  tell();
  window.setInterval(tell, 1000);
})();
