// The view of a film. It does no arithmetic: every number arrives as the text to be shown.
// The same module serves JupyterLab (through anywidget) and the static page.

const ICONS = {
  first: "M5 4v12M14 4l-6 6 6 6",
  back: "M12 4l-6 6 6 6",
  play: "M6 4l9 6-9 6z",
  pause: "M7 4v12M13 4v12",
  forward: "M8 4l6 6-6 6",
  last: "M15 4v12M6 4l6 6-6 6",
  link: "M8 12l4-4M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2",
};
const PAUSE_BETWEEN_FRAMES = 1400; // milliseconds: time to read one sentence

const icon = (name) =>
  `<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
const button = (action, label) =>
  `<button type="button" data-action="${action}" aria-label="${label}" title="${label}">${icon(action)}</button>`;
const escape = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function equation(state, frame) {
  // A sum may break before a plus, so that it fits a narrow panel.
  const pieces = [""];
  frame.equation.forEach((part, i) => {
    const value = state.values[part];
    if (part === "+" || frame.equation[i - 1] === "=") pieces.push("");
    if (!value) return (pieces[pieces.length - 1] += state.operators[part]);
    const role = part === frame.result ? "result" : "operand";
    const gap = state.values[frame.equation[i - 1]] ? `<mspace width=".35em"/>` : "";
    pieces[pieces.length - 1] += `${gap}<munder class="${role}"><mrow>${value.symbol}</mrow><mtext>${value.shape}</mtext></munder>`;
  });
  return pieces.map((piece) => `<math>${piece}</math>`).join("");
}

function matrix(value, known, marks) {
  const marked = new Set(marks.map(([i, j]) => `${i},${j}`));
  const look = (text, i, j) => {
    const mark = marked.has(`${i},${j}`) ? " marked" : "";
    if (!value.scale) return `class="${mark}"`;
    const size = Math.sqrt(Math.min(1, Math.abs(parseFloat(text.replace("−", "-"))) / value.scale));
    const sign = text.startsWith("−") ? "negative" : "positive";
    return `class="${sign}${mark}" style="--shade:${Math.round(60 * size)}%"`;
  };
  const corner = value.rows.length ? "<td></td>" : "";
  const names = value.columns.map((name) => `<th scope="col">${escape(name)}</th>`);
  const head = names.length ? `<tr>${corner}${names.join("")}</tr>` : "";
  const body = value.cells.map((row, i) => {
    const name = corner && `<th scope="row">${escape(value.rows[i])}</th>`;
    const cells = row.map((text, j) => (known ? `<td ${look(text, i, j)}>${text}</td>` : "<td>–</td>"));
    return `<tr>${name}${cells.join("")}</tr>`;
  });
  return (
    `<table class="matrix"><caption><math>${value.symbol}</math> <span>${value.shape}</span></caption>` +
    `<tbody>${head}${body.join("")}</tbody></table>`
  );
}

// The matrices stand as in the equation: one line for each term of the sum, the result last.
function matrices(state, frame, known) {
  const show = (key) =>
    `<div class="${key === frame.result ? "result" : "operand"}" data-key="${key}">${matrix(state.values[key], known.has(key), frame.marks[key] || [])}</div>`;
  const sign = (tex) => `<math class="sign">${state.operators[tex]}</math>`;
  if (!frame.operands.length) {
    const given = frame.quantity === "h_init" ? state.given.filter((key) => !key.includes("[")) : [];
    return `<div class="term">${[...given, frame.result].map(show).join("")}</div>`;
  }
  const terms = [""];
  for (const part of frame.equation.slice(2)) {
    if (part === "+") terms.push("");
    if (state.values[part]) terms[terms.length - 1] += show(part);
    else if (!"()[]".includes(part)) terms[terms.length - 1] += sign(part);
  }
  terms.push(sign("=") + show(frame.result));
  return terms.map((term) => `<div class="term">${term}</div>`).join("");
}

function legend(state) {
  const space = Object.values(state.values).some((value) => value.columns.includes("␣"));
  return (
    `<span class="positive"></span> positive, <span class="negative"></span> negative: the stronger the ` +
    `shade, the larger the number. Rows and columns are named by character, or by unit of the state. ` +
    `Numbers are shown with two decimals and computed in full. A dashed arrow leads into the next step; ` +
    `“–” is not there yet${space ? "; ␣ is a space" : ""}.`
  );
}

function numbers(state, known) {
  const steps = [...Array(state.T).keys()];
  const quantities = ["x", "a", "h", "z", "y_hat", "y", "loss"];
  const cell = (key) => {
    const value = state.values[key];
    if (!value) return "<td></td>";
    return `<td>${known.has(key) ? value.cells.map((row) => row.join(" ")).join("<br>") : "–"}</td>`;
  };
  const rows = quantities.map(
    (q) => `<tr><th scope="row"><code>${q}[t]</code></th>${[-1, ...steps].map((t) => cell(`${q}[${t}]`)).join("")}</tr>`,
  );
  return (
    `<table><caption>Each number computed so far; “–” is not computed yet</caption><tbody>` +
    `<tr><td></td>${[-1, ...steps].map((t) => `<th scope="col">t = ${String(t).replace("-", "−")}</th>`).join("")}</tr>` +
    `${rows.join("")}<tr><th scope="row"><code>L</code></th><td></td>` +
    `${steps.map((t) => (t === state.T - 1 ? cell("L") : "<td></td>")).join("")}</tr></tbody></table>`
  );
}

function render({ model, el, link }) {
  const root = document.createElement("section");
  root.className = "rnn-stepper";
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.innerHTML = `
    <header><strong class="title"></strong><span class="count"></span></header>
    <p class="sentence" aria-live="polite"></p>
    <div class="stage">
      <div class="graph" tabindex="0" role="region" aria-label="Unrolled network"></div>
      <div class="panel">
        <div class="equation" tabindex="0" role="region" aria-label="Equation with shapes"></div>
        <div class="code"><code></code></div>
        <div class="matrices"></div>
      </div>
    </div>
    <div class="controls">
      ${button("first", "First frame")}${button("back", "One frame back")}
      ${button("play", "Play")}
      ${button("forward", "One frame forward")}${button("last", "Last frame")}
      <input type="range" min="0" step="1" aria-label="Frame">
      ${link ? button("link", "Copy a link to this frame") : ""}
    </div>
    <p class="legend"></p>
    <details class="numbers"><summary>All numbers so far</summary><div class="scroll" tabindex="0" role="region" aria-label="All numbers so far"></div></details>`;
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const slider = find("input"), details = find("details");
  let timer = null;

  const last = () => model.get("state").frames.length - 1;
  const go = (position) => {
    model.set("position", Math.max(0, Math.min(last(), position)));
    model.save_changes();
  };

  function load() {
    const state = model.get("state");
    root.setAttribute("aria-label", `Stepper: ${state.title}. Arrow keys step, Home and End jump, space plays.`);
    find(".title").textContent = state.title;
    root.classList.toggle("long", state.T > 4);
    find(".graph").innerHTML = model.get("graph");
    find(".legend").innerHTML = legend(state);
    slider.max = last();
    reserve();
    draw();
  }

  // The panel is as tall as its tallest frame, so that nothing below it jumps.
  function reserve() {
    const panel = find(".panel");
    const state = model.get("state");
    const all = new Set(Object.keys(state.values));
    panel.style.minHeight = "";
    let tallest = 0;
    for (const frame of state.frames) {
      fillPanel(state, frame, all);
      tallest = Math.max(tallest, panel.getBoundingClientRect().height);
    }
    panel.style.minHeight = `${Math.ceil(tallest)}px`;
  }

  function fillPanel(state, frame, known) {
    find(".equation").innerHTML = equation(state, frame);
    find(".code code").textContent = frame.code;
    find(".matrices").innerHTML = matrices(state, frame, known);
  }

  function draw() {
    const state = model.get("state");
    const position = Math.min(model.get("position"), last());
    const frame = state.frames[position];
    const known = new Set(state.given);
    for (const each of state.frames.slice(0, position + 1)) {
      for (const key of [...each.operands, each.result]) known.add(key);
    }

    fillPanel(state, frame, known);
    find(".sentence").textContent = frame.sentence;
    find(".count").textContent = `${frame.phase} · frame ${position + 1} of ${last() + 1}`;
    slider.value = position;
    slider.setAttribute("aria-valuetext", `${position + 1} of ${last() + 1}`);
    root.dataset.address = frame.address;

    const now = new Set([...frame.operands, frame.result]);
    for (const node of root.querySelectorAll(".node")) {
      const key = node.dataset.key;
      node.classList.toggle("done", known.has(key));
      node.classList.toggle("now", now.has(key));
      node.classList.toggle("target", key === frame.result);
    }
    for (const edge of root.querySelectorAll(".edge")) {
      const { from, to } = edge.dataset;
      edge.classList.toggle("done", known.has(from) && known.has(to));
      edge.classList.toggle("now", to === frame.result && now.has(from));
    }
    keepInView();
    if (details.open) find(".scroll").innerHTML = numbers(state, known);
    for (const action of ["first", "back"]) dim(action, position === 0);
    for (const action of ["forward", "last"]) dim(action, position === last());
    if (position === last()) stop();
  }

  // A dimmed button keeps the focus, unlike a disabled one.
  const dim = (action, yes) => find(`[data-action=${action}]`).setAttribute("aria-disabled", yes);

  function keepInView() {
    const box = find(".graph"), node = root.querySelector(".node.target");
    if (!node || box.scrollWidth <= box.clientWidth) return;
    const at = node.getBoundingClientRect(), frame = box.getBoundingClientRect();
    box.scrollLeft += at.left + at.width / 2 - frame.left - frame.width / 2;
  }

  function play() {
    if (model.get("position") === last()) go(0);
    timer = setInterval(() => go(model.get("position") + 1), PAUSE_BETWEEN_FRAMES);
    face("pause", "Pause");
  }
  function stop() {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    face("play", "Play");
  }
  function face(name, label) {
    const toggle = find("[data-action=play]");
    toggle.innerHTML = icon(name);
    toggle.setAttribute("aria-label", label);
    toggle.title = label;
  }

  const actions = {
    first: () => go(0),
    back: () => go(model.get("position") - 1),
    play: () => (timer === null ? play() : stop()),
    forward: () => go(model.get("position") + 1),
    last: () => go(last()),
    link: () => link(root.dataset.address),
  };
  const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };

  root.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.action !== "play") stop();
    actions[pressed.dataset.action]();
  });
  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (keys[event.key]) {
      stop();
      actions[keys[event.key]]();
    } else if (event.key === " " && !event.target.closest("button, summary")) {
      actions.play();
    } else return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has its own idea of the arrow keys
  });
  slider.addEventListener("input", () => {
    stop();
    go(slider.valueAsNumber);
  });
  details.addEventListener("toggle", draw);
  const watcher = new ResizeObserver(([entry]) => {
    if (watcher.width !== undefined && watcher.width !== entry.contentRect.width) {
      reserve();
      draw();
    }
    watcher.width = entry.contentRect.width;
  });
  watcher.observe(root);

  load();
  model.on("change:position", draw);
  model.on("change:state", load);
  return () => {
    stop();
    watcher.disconnect();
    model.off("change:position", draw);
    model.off("change:state", load);
  };
}

export default { render };
