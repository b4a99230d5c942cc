// Runs the view's own calculator, without a browser: films and choices come in, values go out.
import { readFileSync } from "node:fs";

const [script, jobs] = JSON.parse(readFileSync(0, "utf8"));
const names = "unfold, fit, compute, fill, format, changed, silence, each";
const view = new Function(script.replace(/export default .*/, `return { ${names} };`))();

const answers = jobs.map(({ state, steps, off, changes }) => {
  const { frames } = view.unfold(state);
  const silent = view.silence(off), given = view.changed(state.given, changes);
  for (const key of silent) if (given[key]) given[key] = view.each(() => 0)(given[key]);
  const walked = frames.map((frame) => view.fit(frame, steps)).filter(Boolean);
  const values = view.compute(walked, given, silent);
  return {
    values,
    texts: Object.fromEntries(Object.entries(values).map(([key, rows]) => [key, view.format(rows, key.startsWith("y["))])),
    frames: walked.map(({ equation, code, operands, result, address, wording, t }) => ({
      equation, code, operands, result, address,
      sentence: view.fill(wording, values, state.classes, t === steps - 1, steps),
    })),
  };
});
console.log(JSON.stringify(answers));
