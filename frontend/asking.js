// What the parts of the editor share: asking the server as forms do, and places in the text.
const PATIENCE = 20000;

/** The answer to a question in JSON; null when the line is dead or the answer is none of ours. */
export async function ask(address, body, stop = new AbortController(), more = {}) {
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-Portal-Form": "1" },
      body: new URLSearchParams(body),
      signal: stop.signal,
      ...more,
    });
    return { ...(await answer.json()), status: answer.status };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** What every question says: which file of which draft. */
export function said({ dataset: { file, draft } }) {
  return draft === undefined ? { file } : { file, draft };
}

/** The offset of a 1-based line and column; the server counts characters, JavaScript halves of some. */
export function offset(doc, line, column) {
  const { from, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return from + [...text].slice(0, column - 1).join("").length;
}

/** Goes to a line of the editor. */
export function leap(view, line) {
  const { from, text } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: from + text.search(/\S|$/) }, scrollIntoView: true });
  view.focus();
}
