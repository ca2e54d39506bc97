// Keeps a page fresh. The page is complete without it.
//
// One event stream carries topics, never bodies. An element with data-live="topic" and
// data-src="address" is fetched again when its topic is named, and its contents are swapped.
// The answer may be a whole page or a fragment that holds the element (found by its id), or
// just the new contents. A topic comes as the event's name or as its data (text, or JSON with
// "topic"); "*" in data-live listens to everything, and the topic "*" means that anything may
// have changed.
(() => {
  "use strict";
  // A slider shows its number beside it; a number that is typed puts the slider back, and holds.
  document.addEventListener("input", (event) => {
    const moved = event.target;
    if (moved.dataset.number) {
      document.getElementById(moved.dataset.number).value = moved.value;
    } else if (moved.id) {
      const slider = document.querySelector(`[data-number="${CSS.escape(moved.id)}"]`);
      if (slider) slider.value = slider.defaultValue;
    }
  });

  const state = document.getElementById("live-state");
  const regions = () => [...document.querySelectorAll("[data-live][data-src]")];
  if (!window.EventSource || (!state && regions().length === 0)) return;

  const clock = () =>
    new Date().toLocaleTimeString("sv-SE", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "Europe/Stockholm",
    });

  let shown = "";
  const say = (kind) => {
    // Said again only when it changes, so that a screen reader is not talked over.
    if (!state || shown === kind + (kind === "updated" ? clock() : "")) return;
    shown = kind + (kind === "updated" ? clock() : "");
    state.className = "live-state " + kind;
    state.textContent = (state.dataset[kind] || "").replace("{time}", clock());
    if (kind === "updated" && state.dataset.on) {
      state.textContent = state.dataset.on + " " + state.textContent;
    }
  };

  // A way back to the focused element: its id, else its place among its kind.
  const mark = (root) => {
    const active = document.activeElement;
    if (!active || active === root || !root.contains(active)) return null;
    if (active.id) return () => document.getElementById(active.id);
    const tag = active.tagName;
    const href = active.getAttribute("href");
    const place = [...root.querySelectorAll(tag)].indexOf(active);
    return () => {
      const same = [...root.querySelectorAll(tag)];
      return same.find((e) => href && e.getAttribute("href") === href) || same[place];
    };
  };

  const typing = (root) => {
    const active = document.activeElement;
    return active && root.contains(active) && active.matches("input, select, textarea");
  };

  const begun = (root) =>
    [...root.querySelectorAll("form input, form textarea, form select")].some((field) => {
      const first = field.options && (field.querySelector("[selected]") || field.options[0]);
      const began = first ? first.value : field.defaultValue;
      return field.value !== began || field.checked !== field.defaultChecked;
    });

  const swap = (root, text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const source = (root.id && fresh.getElementById(root.id)) || fresh.body;
    const back = mark(root);
    const open = [...root.querySelectorAll("details")].map((d) => d.open);
    root.replaceChildren(...[...source.childNodes].map((n) => document.importNode(n, true)));
    root.querySelectorAll("details").forEach((d, i) => (d.open = open[i] ?? d.open));
    const target = back && back();
    if (target) target.focus({ preventScroll: true });
    soon(root);
  };

  // A part that holds data-again="2" is fetched again after two seconds, for as long as it does.
  const soon = (root) => {
    const seconds = Number(root.querySelector("[data-again]")?.dataset.again);
    if (seconds) window.setTimeout(() => root.isConnected && void refresh(root), seconds * 1000);
  };

  const running = new Map();
  const refresh = async (root) => {
    // One request at a time per element; a change meanwhile asks once more afterwards.
    if (running.has(root)) return void running.set(root, true);
    running.set(root, false);
    try {
      const answer = await fetch(root.dataset.src, {
        headers: { Accept: "text/html", "X-Fragment": root.id || "1" },
        credentials: "same-origin",
        cache: "no-store",
      });
      if (answer.redirected && new URL(answer.url).pathname.startsWith("/sign-in")) {
        return void window.location.reload();
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      // What somebody is typing, or has typed and not sent, is never pulled away.
      if (!typing(root) && !begun(root)) swap(root, text);
      say("updated");
    } catch {
      say("off");
    } finally {
      const again = running.get(root);
      running.delete(root);
      if (again && root.isConnected) void refresh(root);
    }
  };

  const changed = (topic) =>
    regions()
      .filter((r) => {
        const heard = r.dataset.live.split(" ");
        return topic === "*" || heard.includes("*") || heard.includes(topic);
      })
      .forEach((r) => void refresh(r));

  const topicOf = (data) => {
    try {
      const parsed = JSON.parse(data);
      return typeof parsed === "string" ? parsed : parsed.topic;
    } catch {
      return data;
    }
  };

  let stream;
  let wait = 1000;
  let lost = false;
  const connect = () => {
    // What changed between the page and this stream is told first.
    stream = new EventSource("/api/v1/events" + (state ? "?since=" + state.dataset.serial : ""));
    stream.onopen = () => {
      wait = 1000;
      say("on");
      // What happened while the line was cut is fetched now.
      if (lost) regions().forEach((r) => void refresh(r));
      lost = false;
    };
    stream.onmessage = (event) => changed(topicOf(event.data));
    const topics = new Set(regions().flatMap((r) => r.dataset.live.split(" ")));
    topics.forEach((t) => stream.addEventListener(t, () => changed(t)));
    stream.onerror = () => {
      if (!lost) say("off");
      lost = true;
      if (stream.readyState !== EventSource.CLOSED) return;
      // The browser gave up (for instance on a 503): ask again, ever more slowly.
      window.setTimeout(connect, wait);
      wait = Math.min(wait * 2, 30000);
    };
  };
  connect();
  regions().forEach(soon);
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => event.persisted && connect());
})();
