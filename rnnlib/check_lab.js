// The view of the check laboratory: levers, and a row for each planted mistake. It measures
// nothing; an error comes as two characters, its first digit and its power of ten as a letter,
// which is a capital where the mistake gives the right gradient.

const power = (code) => code[1].toLowerCase().charCodeAt(0) - "a".charCodeAt(0);
const isSame = (code) => code[1] < "a";
// Errors are rounded down, and tolerances are powers of ten: to reach one is to be above it.
const isCaught = (code, exponent) => code[0] !== "0" && power(code) <= exponent;
const superscript = (n) => [...String(n)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");
const ten = (n) => (n ? `10⁻${superscript(n)}` : "1");
const written = (code) => (code[0] === "0" ? "0" : power(code) ? `${code[0]} · ${ten(power(code))}` : code[0]);
const codesOf = (errors) => errors.match(/../g) || [];
// Our own names may hold h_t, W_hh and x_{t−1}.
const pretty = (text) => text.replace(/_\{([^}]*)\}|_([a-z]+)/g, "<sub>$1$2</sub>");
const LAST = 16; // the left end of the scale is 10⁻¹⁶

// What a check at this setting does: with the right gradient, and with each mistake.
function judge(errors, exponent) {
  const [right, ...wrong] = codesOf(errors);
  return { right: !isCaught(right, exponent), caught: wrong.map((code) => isCaught(code, exponent)), same: wrong.map(isSame) };
}

function sentenceFor({ right, caught, same }, mistakes) {
  const names = (keep) => mistakes.filter((_, i) => !caught[i] && keep(i)).map(({ name }) => name);
  const missed = names(() => true), hidden = names((i) => same[i]), small = names((i) => !same[i]);
  const tight = "The tolerance is so tight that the right gradient fails too.";
  if (!missed.length) {
    return right
      ? `Sound: all ${mistakes.length} mistakes are caught, and the right gradient passes.`
      : `All ${mistakes.length} mistakes fail, but that proves nothing. ${tight}`;
  }
  const said = (list, one, many) => (list.length ? [`${list.length} ${list.length === 1 ? one : many}: ${list.join(", ")}.`] : []);
  return [
    missed.length === 1 ? "1 mistake slips through." : `${missed.length} mistakes slip through.`,
    ...said(hidden, "is the right gradient here, and no tolerance sets it apart", "are the right gradient here, and no tolerance sets them apart"),
    ...said(small, "is off by less than the tolerance", "are off by less than the tolerance"),
    ...(right ? [] : [tight]),
  ].join(" ");
}

// On a logarithmic scale from 10⁻¹⁶ to 1.
const place = (code) => (code[0] === "0" ? 0 : Math.max(0, Math.min(100, (100 * (LAST - power(code) + Math.log10(code[0]))) / LAST)));

function leverHtml({ label, levels }, index, group) {
  const level = (text, i) => `<label><input type="radio" name="${group}-${index}" value="${i}"><span>${text}</span></label>`;
  return `<fieldset><legend>${pretty(label)}</legend>${levels.map(level).join("")}</fieldset>`;
}

function rowHtml(name, sentence) {
  const head = sentence ? `<details><summary>${pretty(name)}</summary><p>${pretty(sentence)}</p></details>` : `<strong>${name}</strong>`;
  return `<tr><th scope="row">${head}</th><td class="size"></td><td class="bar"><i></i></td><td class="verdict"></td></tr>`;
}

let labs = 0;

function render({ model, el }) {
  const state = model.get("state"), group = `lab${labs++}`;
  const { mistakes, exponents } = state;
  const levers = [...state.levers, { label: "tolerance", levels: exponents.map(ten) }];
  const start = model.get("chosen");
  const root = document.createElement("div");
  root.className = "rnn-lab";
  root.innerHTML = `
    <p class="title"><strong>A gradient check to be tuned</strong> <span class="count"></span></p>
    <div class="levers">${levers.map((lever, i) => leverHtml(lever, i, group)).join("")}<button type="button">Start over</button></div>
    <p class="sentence" role="status"></p>
    <table><caption>How far each gradient is from the measured slopes; the upright line is the tolerance. “Is right here” and an empty bar: the mistake makes no difference at this setting, and what is left is the error of the measurement. A name opens what the mistake is.</caption>
    <tbody><tr><th scope="col">gradient</th><th scope="col">error</th><th scope="col"><span class="scale">${[16, 12, 8, 4, 0].map((n) => `<span>${ten(n)}</span>`).join(" ")}</span></th><th scope="col">the check</th></tr>
    ${rowHtml("the right one")}${mistakes.map(({ name, sentence }) => rowHtml(name, sentence)).join("")}</tbody></table>`;
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const rows = [...root.querySelectorAll("tr")].slice(1);
  let said = "";

  function draw() {
    const chosen = model.get("chosen"), exponent = exponents[chosen[levers.length - 1]];
    const errors = model.get("errors"), verdict = judge(errors, exponent);
    chosen.forEach((level, i) => (find(`[name="${group}-${i}"][value="${level}"]`).checked = true));
    codesOf(errors).forEach((code, i) => {
      const row = rows[i], caught = isCaught(code, exponent), good = i ? caught : !caught;
      row.className = `${good ? "good" : "bad"}${isSame(code) ? " same" : ""}`;
      row.querySelector(".size").textContent = written(code);
      row.querySelector(".bar").style.setProperty("--at", `${place(code)}%`);
      row.querySelector(".bar").style.setProperty("--line", `${(100 * (LAST - exponent)) / LAST}%`);
      row.querySelector(".verdict").textContent = i ? (caught ? "caught" : isSame(code) ? "is right here" : "is too close") : caught ? "fails" : "passes";
    });
    const many = verdict.caught.filter(Boolean).length;
    find(".count").textContent = `${many} of ${mistakes.length} caught, the right gradient ${verdict.right ? "passes" : "fails"}`;
    root.classList.toggle("sound", verdict.right && many === mistakes.length);
    const sentence = pretty(sentenceFor(verdict, mistakes));
    if (said !== sentence) find(".sentence").innerHTML = said = sentence; // it is read aloud once
  }

  function choose(chosen) {
    model.set("chosen", chosen);
    model.save_changes();
  }
  root.addEventListener("change", ({ target }) => {
    if (target.type !== "radio") return;
    const lever = Number(target.name.split("-")[1]);
    choose(model.get("chosen").map((level, i) => (i === lever ? Number(target.value) : level)));
  });
  find("button").addEventListener("click", () => choose([...start]));
  model.on("change:errors", draw);
  model.on("change:chosen", draw);
  draw();
  return () => {
    model.off("change:errors", draw);
    model.off("change:chosen", draw);
  };
}

export default { render };
