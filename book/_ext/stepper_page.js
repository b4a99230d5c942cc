// Brings <rnn-stepper> elements to life where there is no kernel: a model that is a plain
// object, and links to single frames. A classic script, since module scripts are blocked on file://.

class PageModel {
  constructor(values) {
    this.values = values;
    this.listeners = {};
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    (this.listeners[`change:${name}`] || []).forEach((listener) => listener());
  }
  save_changes() {}
  on(event, listener) {
    (this.listeners[event] ||= []).push(listener);
  }
  off(event, listener) {
    this.listeners[event] = (this.listeners[event] || []).filter((each) => each !== listener);
  }
}

// The picture of the transcript is the graph: take its SVG, without the style it needs when alone.
function graphOf(picture) {
  const svg = decodeURIComponent(picture.src.slice(picture.src.indexOf(",") + 1));
  return svg.replace(/<style>.*?<\/style><rect class="page"[^>]*>/s, "");
}

customElements.define(
  "rnn-stepper",
  class extends HTMLElement {
    connectedCallback() {
      const state = JSON.parse(this.querySelector("script").textContent);
      const graph = graphOf(this.querySelector("img"));
      this.model = new PageModel({ state, graph, position: state.position, steps: state.T, off: [], changes: {} });
      const el = document.createElement("div");
      this.append(el);
      stepperView.render({ model: this.model, el, link: (address) => this.copyLink(address) });
      this.classList.add("live");
      this.openAddress();
      addEventListener("hashchange", () => this.openAddress());
    }

    openAddress() {
      const hash = decodeURIComponent(location.hash.slice(1));
      if (!hash.startsWith(`${this.id}/`)) return;
      const frames = stepperView.unfold(this.model.get("state")).frames;
      const position = frames.findIndex((frame) => `${this.id}/${frame.address}` === hash);
      if (position < 0) return;
      this.model.set("position", position);
      const root = this.querySelector(".rnn-stepper");
      root.scrollIntoView({ block: root.offsetHeight > innerHeight ? "start" : "center" }); // the sentence in any case
      root.focus({ preventScroll: true });
    }

    async copyLink(address) {
      history.replaceState(null, "", `#${this.id}/${address}`);
      try {
        await navigator.clipboard.writeText(location.href);
        this.say("Link copied.");
      } catch {
        this.say("The link is in the address bar.");
      }
    }

    say(text) {
      let note = this.querySelector(".rnn-note");
      if (!note) {
        note = document.createElement("span");
        note.className = "rnn-note";
        note.setAttribute("role", "status");
        this.querySelector(".controls").append(note);
      }
      note.textContent = text;
    }
  },
);

// An arrow key that nobody else wants goes to the first stepper in sight.
document.addEventListener("keydown", (event) => {
  const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
  if (target !== document.body || altKey || ctrlKey || metaKey || shiftKey) return;
  if (key !== "ArrowLeft" && key !== "ArrowRight") return;
  const inSight = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top < innerHeight * 0.6 && bottom > innerHeight * 0.4;
  };
  const root = [...document.querySelectorAll(".rnn-stepper")].find(inSight);
  if (!root) return;
  root.focus({ preventScroll: true });
  root.dispatchEvent(new KeyboardEvent("keydown", { key }));
  event.preventDefault();
});
