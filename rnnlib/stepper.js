// The view of a film. Every frame is an equation; the calculator evaluates it, and this shows it.
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
const WIDE = 480; // pixels: a wider graph gets the whole width, since halved it could not be read
const PAUSE_BETWEEN_FRAMES = 1400; // milliseconds: time to read one sentence

const GROWS = "\\leftarrow"; // a sum that grows takes its new value

const icon = (name) =>
  `<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
const button = (action, label) =>
  `<button type="button" data-action="${action}" aria-label="${label}" title="${label}">${icon(action)}</button>`;
const escape = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

// What is known of a value whatever its step, and its symbol with its step.
const isClasses = (key) => /^y(\[|$)/.test(key);
const groupOf = (state, key) => state.groups[key.replace(/\[-?\d+\]/, "")];
function symbolOf(state, key) {
  const step = /\[(-?)(\d+)\]/.exec(key);
  const number = step && `<mn>${step[2]}</mn>`;
  const at = step && (step[1] ? `<mrow><mo lspace="0" rspace="0">−</mo>${number}</mrow>` : number);
  return groupOf(state, key).symbol.replace("<mi>τ</mi>", at);
}

// A frame is a line of the walk at one of its steps; all else can be read off its equation.
function unfold(state) {
  const named = ([name, [symbol, shape, scale, rows, columns]]) => [name, { symbol, shape, scale, rows: state.labels[rows], columns: state.labels[columns] }];
  const groups = Object.fromEntries(Object.entries(state.groups).map(named));
  const frames = state.walk.map(([number, t, marks = {}]) => {
    const line = state.lines[number], put = (text) => atStep(text, t ?? 0);
    const equation = [put(line.result), ...(line.right.length ? [/^gradient_\w+\[/.test(line.result) ? GROWS : "=", ...line.right.map(put)] : [])];
    const picks = Object.fromEntries(Object.entries(line.wording.picks || {}).map(([letter, how]) => [letter, put(how)]));
    const name = line.result === "h[-1]" ? "h_init" : line.result.split("[")[0];
    return {
      phase: line.phase, t, marks, equation, quantity: name, code: put(line.code),
      wording: { text: put(line.wording.text), at_end: put(line.wording.at_end || ""), at_start: t === 0 ? put(line.wording.at_start || "") : "", picks },
      result: equation[0],
      operands: equation.slice(2).filter((part) => groupOf(state, part)),
      address: t === null ? name : `t=${t}/${line.phase === "backward" ? "back/" : ""}${name}`,
    };
  });
  return { ...state, groups, frames: frames.map((frame) => fit(frame, state.T)) };
}

function equation(state, frame, off) {
  const parts = frame.equation.map((part, i) => {
    if (!groupOf(state, part)) return `<math>${state.operators[part]}</math>`;
    const role = (i ? "operand" : "result") + (off.has(part) ? " off" : "");
    const label = `<munder><mrow>${symbolOf(state, part)}</mrow><mtext>${groupOf(state, part).shape}</mtext></munder>`;
    return `<span class="symbol ${role}" tabindex="0" data-key="${part}"><math>${label}</math></span>`;
  });
  // A sum may break before a plus, so that it fits a narrow panel.
  const pieces = [""];
  parts.forEach((part, i) => {
    if (frame.equation[i] === "+" || i === 2) pieces.push("");
    pieces[pieces.length - 1] += part;
  });
  return pieces.map((piece) => `<span class="piece">${piece}</span>`).join("");
}

// Each name in the code is a way to its matrix.
function code(frame) {
  const names = /\b([hc]_prev|gradient_\w+|delta_h_init|[a-zA-Z]\w*)(?:\[(\d+)\](?!\w))?/g;
  return escape(frame.code).replace(names, (text, name, step) => {
    let key = step === undefined ? name : `${name}[${step}]`;
    if (/_prev$/.test(name)) key = `${name[0]}[${step - 1}]`;
    if (name === "h_init") key = "h[-1]";
    const known = [...frame.operands, frame.result].find((each) => nodeOf(each) === key);
    return known ? `<span data-key="${known}">${text}</span>` : text;
  });
}

function matrix(state, key, values, marks, note = "") {
  const group = groupOf(state, key), rows = read(key, values);
  const isClass = isClasses(key);
  const columns = isClass && state.classes.length && rows ? rows[0].map((k) => state.classes[k]) : group.columns;
  const marked = new Set(marks.map(([i, j]) => `${i},${j}`));
  const shape = group.shape.match(/\d+/g) || [];
  const unknown = Array.from({ length: shape.length > 1 ? shape[0] : 1 }, () =>
    Array(Number(shape[shape.length - 1] || 1)).fill("–"),
  );
  const texts = rows ? format(rows, isClass) : unknown;
  const look = (i, j) => {
    const mark = marked.has(`${i},${j}`) ? " marked" : "";
    const at = `data-at="${i},${j}"`;
    if (!group.scale || !rows) return `${at} class="${mark}"`;
    const strength = Math.sqrt(Math.min(1, Math.abs(rows[i][j]) / group.scale));
    return `${at} class="${texts[i][j].startsWith("−") ? "negative" : "positive"}${mark}" style="--shade:${Math.round(60 * strength)}%"`;
  };
  // The weights of the recurrent arrow lead from a unit to a unit: only the corner tells which.
  const ways = /^W_hh\w*\.T/.test(key) ? "to\\from" : "from\\to";
  const corner = group.rows.length ? (/W_hh/.test(key) ? `<th>${ways}</th>` : "<td></td>") : "";
  const names = columns.map((name) => `<th scope="col">${escape(name)}</th>`);
  const head = names.length ? `<tr>${corner}${names.join("")}</tr>` : "";
  const body = texts.map((row, i) => {
    const name = corner && `<th scope="row">${escape(group.rows[i])}</th>`;
    return `<tr>${name}${row.map((text, j) => `<td ${look(i, j)}>${text}</td>`).join("")}</tr>`;
  });
  return (
    `<table class="matrix"><caption><math>${symbolOf(state, key)}</math> <span>${group.shape}${note}</span></caption>` +
    `<tbody>${head}${body.join("")}</tbody></table>`
  );
}

// The matrices stand as in the equation: one line for each term of the sum, the result last.
function matrices(state, frame, values, off) {
  // Cells were marked for the input as it was made: another input may pick others.
  const isOther = (key) => key in state.given && String(values[key]) !== String(state.given[key]);
  const marks = frame.operands.some((key) => key.startsWith("x[") && isOther(key)) ? {} : frame.marks;
  const grows = frame.equation[1] === GROWS;
  const show = (key) =>
    `<div class="${key === frame.result ? "result" : "operand"}${off.has(key) ? " off" : ""}" data-key="${key}">${matrix(state, key, values, marks[key] || [], grows && nodeOf(key) === nodeOf(frame.result) ? (key === frame.result ? " now" : " so far") : "")}</div>`;
  const sign = (tex) => `<math class="sign">${state.operators[tex] ?? `<mo>${tex}</mo>`}</math>`;
  if (frame.equation.length === 1) {
    const given = frame.quantity === "h_init" ? Object.keys(state.given).filter((key) => !key.includes("[")) : [];
    return `<div class="term">${[...given, frame.result].map(show).join("")}</div>`;
  }
  const terms = [""], right = frame.equation.slice(2), isValue = (part) => groupOf(state, part);
  let depth = 0;
  right.forEach((part, i) => {
    depth += (part === "(") - (part === ")");
    if (part === "+" && !depth) terms.push("");
    // In the equation, a matrix product is written by nothing at all; here as in the code.
    if (i && (isValue(part) || part === "(") && (isValue(right[i - 1]) || right[i - 1] === ")")) terms[terms.length - 1] += sign("@");
    terms[terms.length - 1] += isValue(part) ? show(part) : sign(part);
  });
  terms.push(sign("=") + show(frame.result));
  return terms.map((term) => `<div class="term">${term}</div>`).join("");
}

function legend(state) {
  const timed = hasTime(state), back = state.frames.some((frame) => frame.phase === "backward");
  return (
    `<span class="positive"></span> positive, <span class="negative"></span> negative: the stronger the ` +
    `shade, the further from 0. Rows and columns are named by ${timed ? "character, or by unit of the state" : "class"}. ` +
    `Numbers are shown with two decimals and computed in full. ` +
    `${timed ? `A dashed arrow leads into the next step${back ? ", or back from it; in a node, the lower strip is δ, how the loss changes with the upper one" : ""}; ` : ""}` +
    `${state.groups.gradient_b_y ? "G is a gradient as it grows, share by share; " : ""}` +
    `“–” is not there yet${state.classes.includes("␣") ? "; ␣ is a space" : ""}.`
  );
}

function numbers(state, values, known) {
  const timed = hasTime(state), steps = timed ? range(state.T) : [];
  // Each value with a step is a row: but not its transpose, nor the sums as they grow.
  const used = state.frames.filter((frame) => !timed || frame.t !== null).flatMap((frame) => [...frame.operands, frame.result]);
  const named = [...new Set(used.filter((key) => nodeOf(key) === key))];
  const quantities = [...new Set(named.filter((key) => key.includes("[")).map((key) => key.split("[")[0]))];
  const results = state.frames.filter((frame) => frame.t === null).map((frame) => frame.result);
  const single = [...new Set([...named, ...results])].filter((key) => !key.includes("[") && values[key] && !(timed && key in state.given));
  const cell = (key) => {
    if (!known.has(key)) return named.includes(key) || results.includes(key) ? "<td>–</td>" : "<td></td>";
    return `<td>${format(values[key], isClasses(key)).map((row) => row.join(" ")).join("<br>")}</td>`;
  };
  const rows = quantities.map(
    (q) => `<tr><th scope="row"><code>${q}[t]</code></th>${[-1, ...steps].map((t) => cell(`${q}[${t}]`)).join("")}</tr>`,
  );
  const alone = single.map(
    (key) => `<tr><th scope="row"><code>${key}</code></th>${cell(key)}${steps.map(() => "<td></td>").join("")}</tr>`,
  );
  return (
    `<table><caption>Each number computed so far; “–” is not computed yet</caption><tbody>` +
    (timed ? `<tr><td></td>${[-1, ...steps].map((t) => `<th scope="col">t = ${String(t).replace("-", "−")}</th>`).join("")}</tr>` : `<tr><td></td><th scope="col">value</th></tr>`) +
    `${rows.join("")}${alone.join("")}</tbody></table>`
  );
}

const HELP = `<dl><dt>← →</dt><dd>one frame back, forward</dd><dt>Home, End</dt><dd>first, last frame</dd>
<dt>space</dt><dd>play, pause</dd><dt>?</dt><dd>this help</dd></dl>
<p>Point at a symbol, a matrix, a node or a name in the code: all of them light up together.</p>`;

// Frames that a reader may want to go to at once.
function places(frames) {
  const first = (test) => frames.findIndex(test);
  const list = [
    ["the start", 0],
    ["the total loss", first((frame) => frame.quantity === "L")],
    ["the first δ", first((frame) => frame.quantity.startsWith("delta"))],
    ["where an influence is carried on", first((frame) => frame.quantity === "influence" && frame.equation.includes("+"))],
    ["the first share of W_hh", first((frame) => frame.quantity === "gradient_W_hh")],
    ["where two arrows meet", first((frame) => frame.quantity === "delta_h" && frame.equation.includes("+"))],
    ["the end", frames.length - 1],
  ];
  return list.filter(([, position]) => position >= 0);
}

// By keyboard, too, a reader can go where the value of a node is computed.
function nodePlaces(frames, nodes) {
  const keys = [...nodes].map((node) => node.dataset.key);
  const at = (key) => frames.findIndex((frame) => frame.equation.length > 1 && nodeOf(frame.result) === key);
  return keys.map((key) => [key, at(key)]).filter(([, position]) => position >= 0);
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
      <div class="graph" tabindex="0" role="region" aria-label="Graph of the values"></div>
      <div class="panel">
        <div class="equation" tabindex="0" role="region" aria-label="Equation with shapes"></div>
        <div class="code"><code></code></div>
        <div class="matrices" tabindex="0" role="region" aria-label="Matrices"></div>
      </div>
    </div>
    <p class="question" role="group" aria-label="Prediction" hidden></p>
    <div class="controls">
      ${button("first", "First frame")}${button("back", "One frame back")}
      ${button("play", "Play")}
      ${button("forward", "One frame forward")}${button("last", "Last frame")}
      <input type="range" min="0" step="1" aria-label="Frame">
      <select class="jump" aria-label="Go to"></select>
      ${link ? button("link", "Copy a link to this frame") : ""}
    </div>
    <p class="legend"></p>
    <details class="predict"><summary>Predict before each step</summary>
      <p>Say first, then see. <label><input type="checkbox"> Ask me before each step forward.</label> <span class="tally" role="status"></span></p></details>
    <details class="experiments"><summary>Change something</summary><div></div></details>
    <details class="numbers"><summary>All numbers so far</summary><div class="scroll" tabindex="0" role="region" aria-label="All numbers so far"></div></details>
    <details class="help"><summary>Keys</summary>${HELP}</details>`;
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const slider = find(".controls input"), details = find(".numbers"), panel = find(".experiments > div");
  let timer = null, tally = [0, 0], question = null;
  let state, frames, given, values, asMade, off; // what the choices of the reader come to

  const options = (list) => list.map(([name, at]) => `<option value="${at}">${name}</option>`).join("");
  const visibleFrames = () => frames.flatMap((frame, i) => (frame ? [i] : []));
  const last = () => visibleFrames().at(-1);
  // Where the reader stands: a frame that fell away gives place to the one before it.
  const here = () => visibleFrames().findLast((i) => i <= model.get("position"));
  function go(position) {
    model.set("position", Math.max(0, Math.min(last(), position)));
    model.save_changes();
  }
  // Frames that fell away with a shorter walk are stepped over.
  function step(by) {
    const at = visibleFrames();
    const next = at[Math.max(0, Math.min(at.length - 1, at.indexOf(here()) + by))];
    if (by > 0 && next > here() && find(".predict input").checked && ask(next)) return;
    go(next);
  }

  function load() {
    state = unfold(model.get("state"));
    root.setAttribute("aria-label", `Stepper: ${state.title}. Arrow keys step, Home and End jump, space plays, question mark helps.`);
    find(".title").textContent = state.title;
    find(".graph").innerHTML = model.get("graph");
    const width = Number(find("svg.rnn-graph").getAttribute("width"));
    root.classList.toggle("long", width > WIDE);
    for (const node of root.querySelectorAll(".node")) {
      const letter = node.querySelector(".letter"), y = Number(letter.getAttribute("y")) + 16;
      letter.insertAdjacentHTML("afterend", `<text class="not-yet" y="${y}">–</text>`);
    }
    find(".legend").innerHTML = legend(state);
    slider.max = state.frames.length - 1;
    asMade = compute(state.frames, state.given, new Set());
    panel.innerHTML = experimentsPanel(state);
    find(".jump").innerHTML =
      `<option value="">go to …</option>${options(places(state.frames))}` +
      `<optgroup label="what a node shows">${options(nodePlaces(state.frames, root.querySelectorAll(".node")))}</optgroup>`;
    recompute();
    reserve();
    moved();
  }

  // Follow the choices: what is off, how many steps, which numbers were changed.
  function recompute() {
    const T = Math.min(model.get("steps") || state.T, state.T);
    off = silence(model.get("off") || []);
    given = changed(state.given, model.get("changes") || {});
    for (const key of off) if (given[key]) given[key] = each(() => 0)(given[key]);
    frames = state.frames.map((frame) => fit(frame, T));
    values = compute(frames.filter(Boolean), given, off);
    state.steps = T;
    if (!frames[model.get("position")]) go(here());
    shade();
    showChoices();
  }

  // The strips and numbers in the nodes of the graph.
  function shade() {
    for (const strip of root.querySelectorAll(".strip")) {
      const rows = values[strip.dataset.key], scale = groupOf(state, strip.dataset.key).scale;
      if (!rows) continue;
      strip.querySelectorAll("rect").forEach((cell, i) => {
        const x = rows.flat()[i]; // a strip shows the first row, a matrix all
        const strength = Math.sqrt(Math.min(1, Math.abs(x) / (scale || 1)));
        cell.setAttribute("fill-opacity", strength.toFixed(2));
        cell.classList.toggle("negative", x < 0);
      });
    }
    for (const node of root.querySelectorAll(".node.loss, .node.L, .node.total")) {
      const rows = values[node.dataset.key];
      if (rows) node.querySelector(".number").textContent = formatNumber(rows[0][0]);
    }
  }

  const say = (frame) => fill(frame.wording, values, state.classes, frame.t === state.steps - 1, state.steps);

  // Panel and sentence are as tall as in their tallest frame, so that nothing below them jumps.
  function reserve() {
    const boxes = [find(".panel"), find(".sentence")], tallest = [0, 0];
    for (const box of boxes) box.style.minHeight = "";
    for (const frame of frames.filter(Boolean)) {
      fillPanel(frame, values);
      boxes[1].textContent = say(frame);
      boxes.forEach((box, i) => (tallest[i] = Math.max(tallest[i], box.getBoundingClientRect().height)));
    }
    boxes.forEach((box, i) => (box.style.minHeight = `${Math.ceil(tallest[i])}px`));
  }

  function fillPanel(frame, shown) {
    const held = [...root.querySelectorAll(".symbol")].findIndex((symbol) => symbol.matches(":focus"));
    find(".equation").innerHTML = equation(state, frame, off);
    const symbols = root.querySelectorAll(".symbol");
    if (held >= 0) (symbols[held] || symbols[0]).focus({ preventScroll: true }); // else the keys would go to the page
    find(".code code").innerHTML = code(frame);
    find(".matrices").innerHTML = matrices(state, frame, shown, off);
  }

  function draw() {
    const at = visibleFrames(), position = here(), frame = frames[position];
    const known = new Set(Object.keys(state.given).filter((key) => !key.includes("[")));
    const shares = {};
    for (const i of at.slice(0, at.indexOf(position) + 1)) {
      for (const key of [...frames[i].operands, frames[i].result]) known.add(key);
      if (frames[i].quantity.startsWith("gradient")) shares[frames[i].quantity] = (shares[frames[i].quantity] || 0) + 1;
    }

    fillPanel(frame, values);
    const isChanged = frame.result in (model.get("changes") || {});
    const note = off.has(frame.result) ? " It is switched off, and counts as 0." : isChanged ? " You changed it." : "";
    find(".sentence").textContent = say(frame) + note;
    find(".count").textContent = `${frame.phase} · frame ${at.indexOf(position) + 1} of ${at.length}`;
    root.dataset.phase = frame.phase;
    slider.value = position;
    slider.setAttribute("aria-valuetext", `${at.indexOf(position) + 1} of ${at.length}`);
    root.dataset.address = frame.address;

    const done = new Set([...known].map(nodeOf));
    const now = new Set([...frame.operands, frame.result].map(nodeOf));
    for (const node of root.querySelectorAll(".node, .strip.delta")) {
      const key = node.dataset.key;
      node.classList.toggle("done", done.has(key));
      node.classList.toggle("now", now.has(key));
      node.classList.toggle("target", key === nodeOf(frame.result));
      const number = key in shares && node.querySelector(".number");
      if (number) number.textContent = `${shares[key]} of ${state.steps} step${state.steps > 1 ? "s" : ""}`;
    }
    for (const edge of root.querySelectorAll(".edge")) {
      const { from, to } = edge.dataset;
      edge.classList.toggle("done", done.has(from) && done.has(to));
      edge.classList.toggle("now", to === frame.result && now.has(from));
      edge.classList.toggle("off", off.has(from) || off.has(to));
    }
    keepInView();
    if (details.open) find(".numbers .scroll").innerHTML = numbers(state, values, known);
    for (const action of ["first", "back"]) dim(action, position === 0);
    for (const action of ["forward", "last"]) dim(action, position === last());
    if (position === last()) stop();
  }

  // A dimmed button keeps the focus, unlike a disabled one.
  const dim = (action, yes) => find(`[data-action=${action}]`).setAttribute("aria-disabled", yes);

  function keepInView() {
    const box = find(".graph"), node = root.querySelector(".node.target") || root.querySelector(".strip.target");
    if (!node || box.scrollWidth <= box.clientWidth) return;
    const at = node.getBoundingClientRect(), frame = box.getBoundingClientRect();
    box.scrollLeft += at.left + at.width / 2 - frame.left - frame.width / 2;
  }

  function play() {
    if (here() === last()) go(0);
    timer = setInterval(() => {
      const at = visibleFrames();
      go(at[at.indexOf(here()) + 1]);
    }, PAUSE_BETWEEN_FRAMES);
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

  // Predict, then see: a question about the frame to come. Each kind takes its turn.
  function ask(position) {
    const frame = frames[position], rows = values[frame.result];
    if (frame.equation.length === 1 || !rows) return false;
    const group = groupOf(state, frame.result);
    const symbol = `<math>${symbolOf(state, frame.result)}</math>`;
    const row = rows[0].map(Math.abs), j = row.indexOf(Math.max(...row));
    const isZero = row[j] < 0.005; // as it is printed: a rounding error has no sign to predict
    const kind = group.shape && (tally[1] % 2 || isZero) ? "shape" : "sign";
    if (kind === "sign" && isZero) return false;
    let words, choices, right;
    if (kind === "shape") {
      const others = Object.values(state.groups).map((each) => each.shape).filter((shape) => shape && shape !== group.shape);
      words = `Next comes ${symbol}. What is its shape?`;
      choices = [...new Set([group.shape, ...others])].slice(0, 3).sort();
      right = group.shape;
    } else {
      const name = group.columns[j] ?? j;
      words = `Next comes ${symbol}${row.length > 1 ? `. In its column ${escape(String(name))}, first row:` : ":"} positive or negative?`;
      choices = ["positive", "negative"];
      right = rows[0][j] >= 0 ? "positive" : "negative";
    }
    question = { position, right };
    const box = find(".question");
    box.innerHTML = `${words} ${choices.map((each) => `<button type="button" class="text" data-answer="${each}">${each}</button>`).join(" ")}`;
    box.hidden = false;
    box.querySelector("button").focus();
    return true;
  }
  function answer(given) {
    const { position, right } = question;
    tally = [tally[0] + (given === right), tally[1] + 1];
    find(".tally").textContent = `${given === right ? "Right." : `No: ${right}.`} ${tally[0]} of ${tally[1]} so far.`;
    find(".predict").open = true;
    dismiss();
    go(position);
  }

  // A question about the next frame makes no sense elsewhere, nor after a change.
  function dismiss() {
    const held = find(".question").contains(document.activeElement);
    question = null;
    find(".question").hidden = true;
    if (held) root.focus({ preventScroll: true });
  }

  // The panel of experiments shows the choices of the model, and changes them.
  const choose = (name) => panel.querySelector(`[data-choose=${name}]`);
  function set(name, value) {
    model.set(name, value);
    model.save_changes();
  }
  function showChoices() {
    const chosen = new Set(model.get("off") || []);
    for (const box of panel.querySelectorAll("[data-off]")) {
      box.checked = !chosen.has(box.dataset.off);
      box.disabled = Number(/\[(\d+)/.exec(box.dataset.off)[1]) >= state.steps - box.dataset.off.startsWith("message");
    }
    const fits = (name) => {
      const wanted = WIRINGS[name]?.(state.steps);
      return wanted && wanted.length === chosen.size && wanted.every((key) => chosen.has(key));
    };
    // On a short walk several wirings are the same: the one that was chosen stays.
    const wiring = choose("wiring");
    if (wiring) {
      if (!fits(wiring.value)) wiring.value = Object.keys(WIRINGS).find(fits) || "your own";
      choose("steps").value = state.steps;
      choose("steps").nextElementSibling.textContent = state.steps;
    }
    showNumber();
    const table = panel.querySelector(".changes");
    if (table) table.innerHTML = changesTable(state, asMade, values);
  }
  function showNumber() {
    const key = choose("key").value, rows = given[key];
    for (const [name, count] of [["i", rows.length], ["j", rows[0].length]]) {
      if (choose(name).options.length !== count) {
        choose(name).innerHTML = range(count).map((k) => `<option>${k}</option>`).join("");
      }
    }
    const value = rows[choose("i").value][choose("j").value];
    choose("value").value = value;
    choose("value").nextElementSibling.textContent = formatNumber(value);
    if (!given.W_hh) return;
    const factor = factorBetween(state.given.W_hh, given.W_hh);
    choose("scale").value = factor ?? 1;
    choose("scale").nextElementSibling.textContent =
      `${factor === null ? "" : `${formatNumber(factor)}, `}spectral radius ${formatNumber(spectralRadius(given.W_hh))}`;
  }
  const change = (key, cells) => {
    const changes = model.get("changes") || {};
    set("changes", { ...changes, [key]: { ...changes[key], ...cells } });
  };
  const choices = {
    wiring: (value) => set("off", WIRINGS[value](state.steps)),
    steps: (value) => {
      const name = choose("wiring").value;
      set("steps", Number(value));
      if (!WIRINGS[name]) return;
      choose("wiring").value = name;
      set("off", WIRINGS[name](state.steps)); // the last loss is that of the new last step
    },
    key: showNumber,
    i: showNumber,
    j: showNumber,
    value: (value) => change(choose("key").value, { [`${choose("i").value},${choose("j").value}`]: Number(value) }),
    scale: (value) =>
      change("W_hh", Object.fromEntries(state.given.W_hh.flatMap((row, i) => row.map((x, j) => [`${i},${j}`, x * value])))),
  };
  panel.addEventListener("input", ({ target }) => {
    if (target.dataset.off) {
      const rest = (model.get("off") || []).filter((key) => key !== target.dataset.off);
      set("off", target.checked ? rest : [...rest, target.dataset.off]);
    } else if (target.dataset.choose) choices[target.dataset.choose](target.value);
  });

  const actions = {
    first: () => go(0),
    back: () => step(-1),
    play: () => (timer === null ? play() : stop()),
    forward: () => step(1),
    last: () => go(last()),
    link: () => link(root.dataset.address),
    reset: () => {
      set("off", []);
      set("changes", {});
      set("steps", state.T);
    },
  };
  const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };

  root.addEventListener("click", (event) => {
    const cell = event.target.closest(".matrices td[data-at]"), pressed = event.target.closest("button");
    const node = event.target.closest(".node");
    if (cell) pickNumber(cell.closest("[data-key]").dataset.key, cell.dataset.at);
    if (node) goWhereComputed(event.target.closest("[data-key]").dataset.key);
    if (!pressed) return;
    if (pressed.dataset.answer) return answer(pressed.dataset.answer);
    if (pressed.dataset.action !== "play") stop();
    actions[pressed.dataset.action]();
  });
  // A click on a node goes to the frame that computes it; of a sum that grows, to the next share.
  function goWhereComputed(key) {
    const at = visibleFrames().filter((i) => nodeOf(frames[i].result) === key);
    const next = at.find((i) => i > model.get("position")) ?? at[0];
    if (next !== undefined) go(next);
  }
  // A click on a number that is given chooses it for the slider.
  function pickNumber(key, at) {
    if (!canDrag(state, key)) return;
    choose("key").value = key;
    showNumber();
    [choose("i").value, choose("j").value] = at.split(",");
    showNumber();
    find(".experiments").open = true;
  }
  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const region = event.target.closest(".scroll"), isWide = region && region.scrollWidth > region.clientWidth;
    const inControl = isWide || event.target.closest("select, .experiments input");
    if (keys[event.key] && !inControl) {
      stop();
      actions[keys[event.key]]();
    } else if (event.key === "?") {
      find(".help").open = !find(".help").open;
    } else if (event.key === " " && !event.target.closest("button, summary, select, input")) {
      actions.play();
    } else return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has its own idea of the arrow keys
  });
  slider.addEventListener("input", () => {
    stop();
    const at = visibleFrames();
    go(at.findLast((i) => i <= slider.valueAsNumber));
  });
  find(".jump").addEventListener("change", ({ target }) => {
    stop();
    if (target.value) go(visibleFrames().findLast((i) => i <= Number(target.value)));
    target.value = "";
  });
  details.addEventListener("toggle", draw);

  // One value in four places: its symbol, its matrix, its node, its name in the code.
  function light(event) {
    const under = event.type === "pointerover" && event.target.closest?.("[data-key]");
    const from = under || (event.type !== "focusout" && root.querySelector("[data-key]:focus"));
    for (const part of root.querySelectorAll(".linked")) part.classList.remove("linked");
    if (!from) return;
    const node = nodeOf(from.dataset.key);
    for (const part of root.querySelectorAll("[data-key]")) {
      if (nodeOf(part.dataset.key) === node) part.classList.add("linked");
    }
  }
  for (const event of ["pointerover", "pointerout", "focusin", "focusout"]) root.addEventListener(event, light);

  // A swipe over the panel steps: to the left is forward, as one turns a page.
  let start = null;
  find(".panel").addEventListener("touchstart", ({ touches }) => (start = touches.length === 1 ? [touches[0].clientX, touches[0].clientY] : null), { passive: true });
  find(".panel").addEventListener("touchend", ({ changedTouches: [touch] }) => {
    if (!start) return; // two fingers zoom
    const [x, y] = [touch.clientX - start[0], touch.clientY - start[1]];
    if (Math.abs(x) > 40 && Math.abs(x) > 2 * Math.abs(y)) actions[x < 0 ? "forward" : "back"]();
  });

  const watcher = new ResizeObserver(([entry]) => {
    if (watcher.width !== undefined && watcher.width !== entry.contentRect.width) {
      reserve();
      draw();
    }
    watcher.width = entry.contentRect.width;
  });
  watcher.observe(root);

  function moved() {
    dismiss();
    draw();
  }
  load();
  const redo = () => {
    recompute();
    moved();
  };
  model.on("change:position", moved);
  model.on("change:state", load);
  const chosen = ["steps", "off", "changes"].map((name) => `change:${name}`);
  for (const event of chosen) model.on(event, redo);
  return () => {
    stop();
    watcher.disconnect();
    model.off("change:position", moved);
    model.off("change:state", load);
    for (const event of chosen) model.off(event, redo);
  };
}

export default { render, unfold };
