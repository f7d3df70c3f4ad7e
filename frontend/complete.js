// Completion, hover and the explanation of the key at the cursor, all from the server's model of the language.
import { startCompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { helpOf, keysAt, named, nodesAt } from "./model.js";
import { scan } from "./places.js";

const WORD = /[\w.-]*$/;
const AFTER = /^\s*:/;

/** Gives CodeMirror what may stand at the cursor. */
export function completing(model) {
  return ({ state, pos, explicit }) => {
    const text = state.doc.toString();
    const { last } = scan(text.slice(0, pos));
    if (last.kind === "none") return null;
    const from = pos - WORD.exec(state.sliceDoc(Math.max(0, pos - 60), pos))[0].length;
    if (from === pos && !explicit && !/[:,[{-] $/.test(state.sliceDoc(pos - 2, pos))) return null;
    const { entries } = scan(text);
    const spaced = state.sliceDoc(from - 1, from) === ":" ? " " : "";
    const options = [
      ...(last.kind === "value" ? [] : keys(model, last, entries, state.sliceDoc(pos, state.doc.lineAt(pos).to))),
      ...(last.kind === "key" ? [] : values(model, last.path, entries, spaced)),
    ];
    return options.length ? { from, options, validFor: /^[\w.-]*$/ } : null;
  };
}

function keys(model, last, entries, after) {
  const path = last.path.join("/");
  const there = new Set(entries.filter((entry) => entry.path.join("/") === path).map((entry) => entry.key));
  const written = AFTER.test(after);
  const declared = keysAt(model, last.path, entries)
    .filter(([key]) => !there.has(key))
    .map(([key, [help, node, required]]) => ({
      label: key,
      type: "property",
      info: model.helps[help],
      boost: required ? 1 : 0,
      apply: written ? key : keyTyped(model, [...last.path, key], last, entries),
      detail: required ? model.words.required : undefined,
    }));
  const named_ = nodesAt(model, last.path, entries).filter((node) => node.i);
  return [...declared, ...named_.flatMap((node) => names(model, node.i, last.path, entries, written ? "" : ": "))].filter(
    ({ label }) => !there.has(label)
  );
}

/** Types a key with its colon, and opens what comes next: a deeper line, or the list of values. */
function keyTyped(model, path, last, entries) {
  const nodes = nodesAt(model, path, entries);
  const deeper = !last.flow && nodes.length && nodes.every((node) => node.k || node.m);
  return (view, { label }, from, to) => {
    const typed = deeper ? `${label}:\n${" ".repeat(last.indent + 2)}` : `${label}: `;
    view.dispatch({
      changes: { from, to, insert: typed },
      selection: { anchor: from + typed.length },
      userEvent: "input.complete",
    });
    if (deeper || nodes.some((node) => node.e || node.n || node.s)) startCompletion(view);
  };
}

function values(model, path, entries, before) {
  return nodesAt(model, path, entries).flatMap((node) => [
    ...(node.e ?? []).map((label) => ({ label, type: "enum", info: model.helps[node.h], apply: before + label })),
    ...(node.s ?? []).map((label) => ({ label, type: "text", apply: before + label })),
    ...(node.n ? names(model, node.n, path, entries, "").map((each) => ({ ...each, apply: before + each.label })) : []),
  ]);
}

function names(model, pattern, path, entries, after) {
  return [...named(model, pattern, path, entries)].map(([label, detail]) => ({
    label,
    detail,
    type: "variable",
    apply: label + after,
  }));
}

/** The key at a place, or that of the value there, with its explanation; null where there is none. */
export function explained(model, state, pos) {
  const line = state.doc.lineAt(pos);
  const { entries } = scan(state.doc.toString());
  const at = entries.filter((entry) => entry.from >= line.from && entry.from <= pos).at(-1);
  if (!at) return null;
  const help = helpOf(model, at.path, at.key, entries);
  return help ? { key: at.key, help, from: at.from, to: at.from + at.key.length } : null;
}

/** Shows the explanation of the key below the mouse. */
export function hovering(model) {
  return hoverTooltip((view, pos) => {
    const found = explained(model, view.state, pos);
    if (!found || pos > found.to) return null;
    return {
      pos: found.from,
      end: found.to,
      above: true,
      create: () => ({ dom: Object.assign(document.createElement("div"), { className: "explained", textContent: found.help }) }),
    };
  });
}
