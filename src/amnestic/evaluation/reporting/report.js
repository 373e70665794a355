"use strict";
(() => {
  const data = JSON.parse(document.getElementById("evidence").textContent);
  const at = (id) => document.getElementById(`probes${id}`);
  const dialog = at("");
  const PAGE = 20;
  const state = { key: "", heap: 2, page: 0, find: "" };

  const made = (name, className, ...children) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };

  const quoted = (text, forbidden, className) => {
    const quote = made("blockquote", className);
    quote.dir = "auto";
    const wanted = forbidden.filter((f) => f.trim()).sort((a, b) => b.length - a.length);
    if (!wanted.length) {
      quote.append(text);
      return quote;
    }
    const escaped = wanted.map((f) => f.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    let from = 0;
    for (const found of text.matchAll(new RegExp(escaped.join("|"), "giu"))) {
      quote.append(text.slice(from, found.index), made("mark", "", found[0]));
      from = found.index + found[0].length;
    }
    quote.append(text.slice(from));
    return quote;
  };

  const labelled = (label, ...children) =>
    made("div", "part", made("p", "label", label), ...children);

  const isolated = (text) => made("bdi", "", text);

  const conversation = (probe) => {
    const lines = probe.m.map(([role, text]) => labelled(role, quoted(text, [], "asked")));
    if (probe.l) lines.push(made("p", "label", `${probe.l} messages in the middle are left out`));
    const count = probe.m.length + (probe.l || 0);
    const title = count > 1 ? `The whole conversation, ${count} messages` : "As it was asked";
    return made("details", "", made("summary", "", title), ...lines);
  };

  const told = (run, reply) => {
    if (reply.e) return [labelled("error", quoted(reply.e, [], ""))];
    if (reply.t === undefined) return [];
    const forbidden = run.probes[reply.p].x || [];
    const parts = [labelled("replied", quoted(run.texts[reply.t] || "(nothing)", forbidden, ""))];
    for (const [name, text] of reply.c || []) {
      parts.push(labelled(isolated(name), quoted(run.texts[text], forbidden, "")));
    }
    if (reply.b !== undefined) {
      const bare = quoted(run.texts[reply.b] || "(nothing)", forbidden, "bare");
      parts.push(labelled("the bare model", bare));
    }
    return parts;
  };

  const measured = (run, reply, probe) => {
    const words = [run.systems[reply.s], probe.f, ...probe.a.filter((a) => a !== probe.f)];
    words.push(`seed ${reply.d}`);
    if (reply.m) words.push(`sample ${reply.m}`);
    if (reply.r) words.push(reply.r);
    words.push(reply.n === 1 ? "1 call" : `${reply.n} calls`);
    if (reply.k !== undefined) words.push(`${reply.k} tokens`);
    words.push(`${reply.ms} ms added`, `probe ${probe.i}`);
    return made("p", "label", isolated(words.join(" · ")));
  };

  const card = (run, reply, against) => {
    const probe = run.probes[reply.p];
    const badges = made("p", "badges");
    for (const [kind, words] of reply.v) badges.append(made("span", `badge ${kind}`, words), " ");
    const item = made("li", "", badges);
    if (probe.q) item.append(labelled("asked", quoted(probe.q, [], "asked")));
    if (probe.o && probe.o.length) item.append(labelled("choices", isolated(probe.o.join(" | "))));
    if (probe.m) item.append(conversation(probe));
    item.append(...told(run, reply));
    if (against) {
      const name = isolated(run.systems[against.s]);
      const said = (run.texts[against.t] ?? against.e) || "(nothing)";
      if (against.t !== undefined || against.e) {
        item.append(labelled(name, quoted(said, probe.x || [], "bare")));
      }
    }
    if (probe.x && probe.x.length) {
      item.append(made("p", "label", "must not tell: ", isolated(probe.x.join(", "))));
    }
    if (probe.w && probe.w.length) {
      item.append(made("p", "label", "must tell: ", isolated(probe.w.join(", "))));
    }
    item.append(measured(run, reply, probe));
    return item;
  };

  const counted = (n) => n.toLocaleString("en");

  const summary = (number, run) => {
    const [bad, rest] = number.counts;
    const shown = number.ids[0].length + number.ids[1].length;
    const words = [];
    if (number.ordered) words.push(`${counted(bad)} replies, those with the most first.`);
    else {
      words.push(`${counted(bad)} of ${counted(bad + rest)} replies ${number.words[0]}.`);
    }
    if (shown < bad + rest) {
      words.push(`This page holds ${counted(shown)} of them`);
      if (number.ordered || !rest) words.push(".");
      else {
        words.push(`: ${counted(number.ids[0].length)} that ${number.words[0]}, `);
        words.push(`${counted(number.ids[1].length)} that ${number.words[1]}.`);
      }
      words.push(` All stand in records.jsonl of the run’s folder “${run.folder}”.`);
    }
    if (!data.withText) words.push(" This report was made without questions and replies.");
    return words.join(" ").replace(/ ([.:])/g, "$1").replace(/, {2}/g, ", ");
  };

  const rowsOf = (number, run) => {
    const rows = [];
    for (const heap of state.heap === 2 ? [0, 1] : [state.heap]) {
      number.ids[heap].forEach((id, i) => {
        const against = heap === 0 && number.against ? run.replies[number.against[i]] : null;
        rows.push([run.replies[id], against]);
      });
    }
    const find = state.find.toLowerCase();
    if (!find) return rows;
    return rows.filter(([reply]) => {
      const probe = run.probes[reply.p];
      const texts = [probe.q, probe.i, probe.f, probe.s, run.texts[reply.t], reply.e];
      return texts.some((text) => text && text.toLowerCase().includes(find));
    });
  };

  const fill = () => {
    const number = data.numbers[state.key];
    const run = data.runs[number.run];
    const rows = rowsOf(number, run);
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    state.page = Math.min(Math.max(state.page, 0), pages - 1);
    const first = state.page * PAGE;
    const list = at("-list");
    list.start = first + 1;
    list.replaceChildren(...rows.slice(first, first + PAGE).map(([r, a]) => card(run, r, a)));
    at("-back").disabled = state.page === 0;
    at("-on").disabled = state.page === pages - 1;
    const last = Math.min(first + PAGE, rows.length);
    at("-place").textContent = rows.length
      ? `${first + 1} to ${last} of ${rows.length} on this page`
      : "none is like that";
    for (const button of at("-heaps").children) {
      button.setAttribute("aria-pressed", String(Number(button.value) === state.heap));
    }
  };

  const turn = (by) => {
    state.page += by;
    fill();
    at("-list").scrollIntoView({ block: "start" });
    at("-title").focus({ preventScroll: true });
  };

  const heaps = (number) => {
    const box = at("-heaps");
    box.replaceChildren();
    const [bad, rest] = number.ids.map((ids) => ids.length);
    if (!bad || !rest) return;
    for (const [value, words, count] of [
      [2, "all", bad + rest],
      [0, number.words[0], bad],
      [1, number.words[1], rest],
    ]) {
      const button = made("button", "", `${words} (${count})`);
      button.type = "button";
      button.value = value;
      button.addEventListener("click", () => {
        state.heap = value;
        state.page = 0;
        fill();
      });
      box.append(button);
    }
  };

  const open = (key) => {
    const number = data.numbers[key];
    const run = data.runs[number.run];
    Object.assign(state, { key, heap: 2, page: 0, find: "" });
    at("-find").value = "";
    at("-title").replaceChildren(isolated(number.title));
    at("-summary").textContent = summary(number, run);
    heaps(number);
    fill();
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    at("-title").focus({ preventScroll: true });
  };

  const route = () => {
    let key = "";
    try {
      key = decodeURIComponent(location.hash.slice(1));
    } catch {
      key = "";
    }
    if (Object.hasOwn(data.numbers, key)) open(key);
    else if (dialog.open) dialog.close();
  };

  dialog.addEventListener("close", () => {
    if (!Object.hasOwn(data.numbers, location.hash.slice(1))) return;
    try {
      history.replaceState(null, "", location.pathname + location.search);
    } catch {
      location.hash = "main";
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  at("-close").addEventListener("click", () => dialog.close());
  at("-back").addEventListener("click", () => turn(-1));
  at("-on").addEventListener("click", () => turn(1));
  at("-find").addEventListener("input", (event) => {
    state.find = event.target.value;
    state.page = 0;
    fill();
  });

  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("main details:not([open])")) {
      details.open = true;
      folded.push(details);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded.splice(0)) details.open = false;
  });
  window.addEventListener("hashchange", route);
  route();
})();
