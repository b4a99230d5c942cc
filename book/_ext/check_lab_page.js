// Brings <rnn-check-lab> to life where there is no kernel: what Python would measure is looked up.

class LabModel {
  constructor(state) {
    this.state = state;
    this.sizes = state.levers.map(({ levels }) => levels.length);
    this.width = 2 * (state.mistakes.length + 1);
    this.listeners = {};
    this.chosen = state.chosen;
  }
  get errors() {
    const number = this.sizes.reduce((sum, size, i) => sum * size + this.chosen[i], 0);
    return table.slice(number * this.width, (number + 1) * this.width);
  }
  get(name) {
    return name === "state" ? this.state : this[name];
  }
  set(name, value) {
    this[name] = value;
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

customElements.define(
  "rnn-check-lab",
  class extends HTMLElement {
    connectedCallback() {
      if (this.classList.contains("live")) return;
      const el = document.createElement("div");
      this.append(el);
      view.render({ model: new LabModel(JSON.parse(this.querySelector("script").textContent)), el });
      this.classList.add("live");
    }
  },
);
