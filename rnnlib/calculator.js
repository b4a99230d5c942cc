// Evaluates the equations of a film, one frame after the other: the film is the program.
// A matrix is a list of rows; a vector is one row, a number is one row of one.

const transpose = (a) => a[0].map((_, j) => a.map((row) => row[j]));
const product = (a, b) => {
  const columns = transpose(b);
  return a.map((row) => columns.map((column) => row.reduce((sum, x, i) => sum + x * column[i], 0)));
};
// Element by element; one row serves all rows, one column all columns.
const combine = (a, b, f) => {
  const rows = Math.max(a.length, b.length), columns = Math.max(a[0].length, b[0].length);
  const at = (m, i, j) => m[m.length === 1 ? 0 : i][m[0].length === 1 ? 0 : j];
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => f(at(a, i, j), at(b, i, j))),
  );
};
const each = (f) => (a) => a.map((row) => row.map(f));
const add = (a, b) => combine(a, b, (x, y) => x + y);
const subtract = (a, b) => combine(a, b, (x, y) => x - y);
const multiply = (a, b) => combine(a, b, (x, y) => x * y);
const total = (a) => [[a.flat().reduce((sum, x) => sum + x, 0)]];
// Each number of the first times the whole of the second (Kronecker).
const kronecker = (a, b) => a.flatMap((row) => b.map((other) => row.flatMap((x) => other.map((y) => x * y))));

// What stands between two factors; with nothing between them, they are a matrix product.
const BETWEEN = { "\\odot": multiply, "\\otimes": kronecker, "/": (a, b) => combine(a, b, (x, y) => x / y) };

const FUNCTIONS = {
  "\\tanh": each(Math.tanh),
  "\\mathrm{sigmoid}": each((x) => 0.5 * (1 + Math.tanh(0.5 * x))),
  "\\mathrm{relu}": each((x) => Math.max(x, 0)),
  "\\mathrm{softmax}": (a) =>
    a.map((row) => {
      const top = Math.max(...row), e = row.map((x) => Math.exp(x - top));
      const sum = e.reduce((s, x) => s + x, 0);
      return e.map((x) => x / sum);
    }),
  "\\log": (a) => total(each(Math.log)(a)),
  "\\sum_n \\log": (a) => total(each(Math.log)(a)),
  "\\sum_n": (a) => [a.reduce((sum, row) => sum.map((x, j) => x + row[j]))],
  "\\sum_k": total,
  "\\exp": each(Math.exp),
  "\\max": (a) => [[Math.max(...a.flat())]],
  "\\mathrm{diag}": ([row]) => row.map((x, i) => row.map((_, j) => (i === j ? x : 0))),
};

// The forms in which an equation uses a value: transposed, to a power, as a sign, as a row of zeros and a one.
function read(key, values) {
  if (values[key]) return values[key];
  const stem = key.replace(/\.T$|\*\*[02]$|>0$/, "");
  if (key.startsWith("onehot")) {
    const classes = values[key.replace("onehot", "y")], size = (values.b_y || values.z)[0].length;
    return classes && classes[0].map((k) => Array.from({ length: size }, (_, j) => +(j === k)));
  }
  if (!values[stem] || stem === key) return undefined;
  if (key.endsWith(".T")) return transpose(values[stem]);
  return each(key.endsWith("**2") ? (x) => x * x : key.endsWith("**0") ? () => 1 : (x) => +(x > 0))(values[stem]);
}

function factor(parts, values) {
  const [head, ...rest] = parts;
  if (FUNCTIONS[head]) {
    const [value, left] = factor(rest, values);
    return [FUNCTIONS[head](value), left];
  }
  if (head === "(") {
    const [value, left] = sum(rest, values);
    return [value, left.slice(1)];
  }
  const value = head === "1" ? [[1]] : read(head, values);
  if (rest[0] !== "[") return [value, rest];
  return [[value.map((row, n) => row[values[rest[1]][0][n]])], rest.slice(3)];
}

function term(parts, values) {
  let [value, left] = factor(parts, values);
  while (left.length && !"+-)".includes(left[0])) {
    const operation = BETWEEN[left[0]];
    const [next, after] = factor(operation ? left.slice(1) : left, values);
    value = (operation || product)(value, next);
    left = after;
  }
  return [value, left];
}

function sum(parts, values) {
  const negative = parts[0] === "-";
  let [value, left] = term(negative ? parts.slice(1) : parts, values);
  if (negative) value = each((x) => -x)(value);
  while (left.length && "+-".includes(left[0])) {
    const [next, after] = term(left.slice(1), values);
    value = (left[0] === "+" ? add : subtract)(value, next);
    left = after;
  }
  return [value, left];
}

// Put a step into a text: [t-1] in keys and code, {t} in words.
const atStep = (text, t) =>
  text
    .replace(/\[t([+-]1)?\]/g, (_, by) => `[${t + Number(by || 0)}]`)
    .replace(/\{t([+-]1)?\}/g, (_, by) => String(t + Number(by || 0)).replace("-", "−"));

// The terms of a right-hand side: split at each plus that no bracket encloses.
function termsOf(parts) {
  const terms = [[]];
  let depth = 0;
  for (const part of parts) {
    depth += (part === "(") - (part === ")");
    if (part === "+" && !depth) terms.push([]);
    else terms[terms.length - 1].push(part);
  }
  return terms;
}

// A frame as it is for a shorter walk: terms of steps that are not walked fall away, in the
// equation and in the code. Without any term left, or beyond the last step, there is no frame.
function fit(frame, T) {
  if (frame.t !== null && frame.t >= T) return null;
  const [result, equals, ...right] = frame.equation;
  if (!equals) return frame;
  const beyond = (part) => {
    const step = /^(\w+)\[(-?\d+)\]/.exec(part);
    // A message to the last step would come from beyond it.
    return step && +step[2] >= T - step[1].startsWith("message");
  };
  const terms = termsOf(right);
  const kept = terms.map((term) => !term.some(beyond));
  if (kept.every(Boolean)) return frame;
  if (!kept.some(Boolean)) return null;
  const [left, code] = frame.code.split(" = ");
  const spelled = code.split(" + ");
  const shorter = terms.filter((_, i) => kept[i]);
  return {
    ...frame,
    equation: [result, equals, ...shorter.flatMap((term, i) => (i ? ["+", ...term] : term))],
    operands: frame.operands.filter((key) => shorter.some((each) => each.includes(key))),
    code: spelled.length === terms.length ? `${left} = ${spelled.filter((_, i) => kept[i]).join(" + ")}` : frame.code,
  };
}

// Compute every value of a film, in the order of its frames. What is switched off is zero.
function compute(frames, given, off) {
  const values = { ...given };
  for (const frame of frames) {
    if (frame.equation.length > 1) [values[frame.result]] = sum(frame.equation.slice(2), values);
    if (off.has(frame.result)) values[frame.result] = each(() => 0)(values[frame.result]);
  }
  return values;
}

// Two decimals, as Python prints them: a tie goes to the even digit; a true minus; never −0.00.
function formatNumber(x, digits = 2) {
  const scaled = Math.abs(x) * 10 ** digits, below = Math.floor(scaled);
  const tie = scaled - below === 0.5 && Number.isInteger(x * 2 ** (digits + 1));
  const text = (tie ? (below + (below % 2)) / 10 ** digits : Math.abs(x)).toFixed(digits);
  return (x < 0 && Number(text) ? "−" : "") + text;
}

// The rows of a matrix as text; a one-hot row and class numbers are printed without decimals.
function format(rows, whole) {
  const flat = rows.flat();
  const plain = whole || (flat.length > 1 && flat.every((x) => x === 0 || x === 1));
  return rows.map((row) => row.map((x) => formatNumber(x, plain ? 0 : 2)));
}

// Fill the holes of a sentence: the same rules as in wording.py.
function fill(wording, values, classes, isLast, T) {
  const row = (key) => {
    const [left, right] = key.split("·");
    const first = [read(left, values)[0]];
    return (right ? product(first, read(right, values)) : first)[0];
  };
  const pick = (how) => {
    const [way, key] = [how.slice(0, how.indexOf(" ")), how.slice(how.indexOf(" ") + 1)];
    if (way === "class") return row(key)[0];
    const sizes = row(key).map((x) => (way === "widest" ? Math.abs(x) : way === "narrowest" ? -Math.abs(x) : x));
    return sizes.indexOf(Math.max(...sizes));
  };
  const at = (letter) => pick(wording.picks[letter]);
  const text = isLast && wording.at_end ? wording.at_end : wording.text;
  return (text + wording.at_start).replace(/\{([#']?)([^@}:]+)(?:@(\w))?(?::(\d))?\}/g, (_, kind, key, letter, digits) => {
    if (kind === "#") return String(at(key));
    if (kind === "'") return classes.length ? `‘${classes[at(key)]}’` : `class ${at(key)}`;
    if (key.startsWith("T*")) return formatNumber(T * key.slice(2));
    return formatNumber(row(key)[letter ? at(letter) : 0], Number(digits || 2));
  });
}

// The node of the graph that shows a value: for a gradient, whatever the step, one node.
function nodeOf(key) {
  const stem = key.replace(/\.T$|\*\*[02]$|>0$/, "").replace("onehot", "y");
  return stem.startsWith("gradient") ? stem.split("[")[0] : stem;
}
