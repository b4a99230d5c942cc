// The panel in which the reader changes something: what is switched off, how many steps are
// walked, one number. It only says what was chosen; the calculator does the rest.

const WIRINGS = {
  "every step has a loss": () => [],
  "many to one: only the last loss": (T) => range(T - 1).map((t) => `loss[${t}]`),
  "one to many: only the first input": (T) => range(T).slice(1).map((t) => `x[${t}]`),
  "first read, then write": (T) =>
    range(T).map((t) => (t < T / 2 ? `loss[${t}]` : `x[${t}]`)),
  "truncated: messages over one step only": (T) =>
    range(T - 1).filter((t) => t % 2).map((t) => `message[${t}]`),
  "truncated: no messages at all": (T) => range(T - 1).map((t) => `message[${t}]`),
  "truncated: a loss reaches its own step only": (T) => cellsFrom(T, 1),
  "truncated: a loss reaches two steps": (T) => cellsFrom(T, 2),
};
// The cells of the triangle in which a loss looks back so many steps, or more.
const cellsFrom = (T, age) => range(T).flatMap((t) => range(t - age + 1).map((s) => `cell_${s}[${t}]`));
// A wiring is offered where there are switches for it.
function isOffered(name, switches) {
  const kinds = new Set(Object.keys(switches).map((kind) => kind.replace(/_\d+$/, "")));
  return WIRINGS[name](3).every((key) => kinds.has(key.replace(/(_\d+)?\[.*/, "")));
}
const range = (n) => [...Array(Math.max(n, 0)).keys()];

// A step without a loss has no δ of its logits either.
const silence = (off) => new Set(off.flatMap((key) => (key.startsWith("loss") ? [key, key.replace("loss", "delta_z")] : [key])));

function changed(given, changes) {
  const values = Object.fromEntries(Object.entries(given).map(([key, rows]) => [key, rows.map((row) => [...row])]));
  for (const [key, cells] of Object.entries(changes)) {
    for (const [at, number] of Object.entries(cells)) {
      const [i, j] = at.split(",").map(Number);
      values[key][i][j] = number;
    }
  }
  return values;
}

const size = (rows) => Math.sqrt(rows.flat().reduce((sum, x) => sum + x * x, 0));

// The gradients at the end of the walk: of a sum that grows, the last that was computed.
const complete = (values) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith("gradient")).map(([key, rows]) => [key.split("[")[0], rows]));

// How much each gradient differs from that of the film as it was made.
function differences(before, now) {
  const [old, fresh] = [complete(before), complete(now)];
  return Object.keys(old).filter((key) => fresh[key]).sort().map((key) => {
    const was = size(old[key]), difference = size(subtract(fresh[key], old[key]));
    return { key, old: was, now: size(fresh[key]), change: was ? difference / was : difference };
  });
}

// Numbers to drag have a shade; the number of a class has none, nor has a count.
const canDrag = (state, key) => key in state.given && state.groups[key.replace(/\[-?\d+\]/, "")].scale > 0;
const hasTime = (state) => state.frames.some((frame) => frame.t !== null);

function experimentsPanel(state) {
  const steps = range(state.T);
  const adds = state.frames.some((frame) => frame.quantity.startsWith("gradient"));
  // No message arrives at the last step, and no cell of the triangle stands above the diagonal.
  const has = (kind, t) => t < state.T - kind.startsWith("message") && t >= Number(/_(\d+)$/.exec(kind)?.[1] ?? 0);
  const box = (kind, words, t) =>
    `<td><input type="checkbox" checked data-off="${kind}[${t}]" aria-label="t = ${t}: ${words}"></td>`;
  const options = (list) => list.map((name) => `<option>${name}</option>`).join("");
  return `
    ${hasTime(state) ? `<p class="choices"><label>wiring <select data-choose="wiring">${options(Object.keys(WIRINGS).filter((name) => isOffered(name, state.switches)))}<option hidden>your own</option></select></label>
    <label>steps <input type="range" data-choose="steps" min="1" max="${state.T}" step="1"><output></output></label></p>
    <div class="scroll" tabindex="0" role="region" aria-label="Switches of every step"><table><caption>Switches: without a tick it counts as 0</caption><tbody>
    <tr><td></td>${steps.map((t) => `<th scope="col">t = ${t}</th>`).join("")}</tr>
    ${Object.entries(state.switches).map(([kind, words]) => `<tr><th scope="row">${words}</th>${steps.map((t) => (has(kind, t) ? box(kind, words, t) : "<td></td>")).join("")}</tr>`).join("")}
    </tbody></table></div>` : ""}
    <p class="choices"><label>number <select data-choose="key">${options(Object.keys(state.given).filter((key) => canDrag(state, key)))}</select></label>
    <label>row <select data-choose="i"></select></label><label>column <select data-choose="j"></select></label>
    <label class="wide">value <input type="range" data-choose="value" min="-3" max="3" step="0.01"><output></output></label></p>
    <p class="choices">${state.given.W_hh ? `<label class="wide">all of W_hh × <input type="range" data-choose="scale" min="0" max="3" step="0.01" value="1"><output></output></label>` : ""}
    <button type="button" class="text" data-action="reset">Undo all changes</button></p>
    ${adds ? `<div class="scroll" tabindex="0" role="region" aria-label="What changed"><table class="changes"></table></div>` : ""}`;
}

function changesTable(state, before, now) {
  const rows = differences(before, now).map(({ key, old, now: size, change }) => {
    const group = state.groups[key], by = state.groups[key.replace("gradient_", "")];
    const d = (symbol) => `<mrow><mi mathvariant="normal">d</mi>${symbol}</mrow>`;
    const symbol = by ? `<mfrac>${d("<mi>L</mi>")}${d(by.symbol)}</mfrac>` : group.symbol;
    const words = change ? `differs by ${formatNumber(100 * change, 1)} %` : "the same";
    return `<tr class="${change ? "differs" : ""}"><th scope="row"><math>${symbol}</math></th><td>${formatNumber(old, 3)}</td><td>${formatNumber(size, 3)}</td><td>${words}</td></tr>`;
  });
  const loss = before.L && `<tr><th scope="row"><math><mi>L</mi></math></th><td>${formatNumber(before.L[0][0], 3)}</td><td>${formatNumber(now.L[0][0], 3)}</td><td>nats</td></tr>`;
  return (
    `<caption>Length of each gradient (root of the sum of squares), and of its difference</caption><tbody>` +
    `<tr><td></td><th scope="col">as made</th><th scope="col">now</th><th scope="col">gradient</th></tr>${rows.join("")}${loss || ""}</tbody>`
  );
}

// The largest size of an eigenvalue ρ, by repeated squaring of the matrix: |M^n| grows like ρ^n.
function spectralRadius(matrix) {
  let power = matrix, logarithm = 0;
  for (let exponent = 1; exponent < 2 ** 40; exponent *= 2) {
    const norm = size(power);
    if (!norm) return 0;
    logarithm += Math.log(norm) / exponent;
    power = each((x) => x / norm)(power);
    power = product(power, power);
  }
  return Math.exp(logarithm);
}

// By which number a whole matrix was multiplied; nothing if its numbers went their own ways.
function factorBetween(before, now) {
  const old = before.flat(), largest = old.indexOf(old.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)));
  const factor = old[largest] ? now.flat()[largest] / old[largest] : 1;
  const off = now.flat().map((x, i) => Math.abs(x - factor * old[i]));
  return Math.max(...off) < 1e-9 && factor >= 0 ? factor : null;
}
