"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const made = (name, text, give = {}) => {
    const element = document.createElement(name);
    if (text !== undefined && text !== null) element.textContent = text;
    for (const [key, value] of Object.entries(give)) element.setAttribute(key, value);
    return element;
  };
  if (typeof DecompressionStream === "undefined") {
    $("limits").textContent = "This browser cannot unpack the data of this part. idc who and idc access tell the same.";
    return;
  }
  let data;
  try {
    const bytes = Uint8Array.from(atob($("relations").textContent.trim()), (letter) => letter.charCodeAt(0));
    data = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  } catch (error) {
    $("limits").textContent = "The data of this part is damaged: " + error.message;
    return;
  }
  const { accounts, sets, people, groups, pairs, ways, otherwise, unread, rules, words } = data;
  const ROWS = 100, COLUMNS = 30, FOUND = 20, OPEN = 0, UNKNOWN = 2, SHUT = 3;
  const STATES = ["open", "degraded", "unknown", "shut"];
  const TONES = ["good", "unsure", "unsure", "bad"];
  const GONE = rules.indexOf("assignment-orphaned-principal");
  ["name", "display", "email", "status"].forEach((field, place) => (people[field] = people.texts.map((texts) => texts[place])));
  groups.members = groups.members.map((members) => { let at = 0; return members && members.map((distance) => (at += distance)); });
  const count = (number, noun, many = noun + "s") => number + " " + (number === 1 ? noun : many);

  // What the relations amount to, found once.
  const waysOf = accounts.id.map(() => []), direct = people.name.map(() => []), through = groups.name.map(() => []);
  const groupsOf = people.name.map(() => []), otherwiseOf = new Map();
  ways.account.forEach((account, way) => {
    waysOf[account].push(way);
    if (ways.kind[way] === 0) direct[ways.to[way]].push(way);
    if (ways.kind[way] === 1) through[ways.to[way]].push(way);
  });
  groups.members.forEach((members, group) => (members || []).forEach((person) => groupsOf[person].push(group)));
  otherwise.way.forEach((way, place) => otherwiseOf.set(way + ":" + otherwise.person[place], place));
  const unreadOf = accounts.id.map(() => []);
  unread.account.forEach((account, place) => unreadOf[account].push(unread.set[place]));
  const pairsOf = accounts.id.map(() => []);
  pairs.account.forEach((account, pair) => pairsOf[account].push(pair));

  const label = (place) => (accounts.name[place] ? accounts.name[place] + " (" + accounts.id[place] + ")" : accounts.id[place]);
  const setName = (set) => sets.name[set] || sets.id[set];
  const grant = (way) => (ways.set[way] >= 0 ? setName(ways.set[way]) : "role " + words[ways.role[way]].split("/").pop());
  const by = (way) =>
    (ways.kind[way] === 1 ? "group " + groups.name[ways.to[way]] : ways.kind[way] === 0 ? "directly" : words[ways.to[way]]) +
    (ways.set[way] < 0 ? ", by an entitlement" : "");

  // A way together with a person: the worse of both, explained by the earlier rule.
  const together = (way, person) => {
    const place = otherwiseOf.get(way + ":" + person);
    const own = place === undefined
      ? [people.state[person], people.rule[person], people.why[person]]
      : [otherwise.state[place], otherwise.rule[place], otherwise.why[place]];
    const both = [[ways.state[way], ways.rule[way], ways.why[way]], own];
    const state = Math.max(ways.state[way], own[0]);
    const said = both.filter((one) => one[0] === state);
    const faults = said.map((one) => one[1]).filter((rule) => rule >= 0);
    const why = said.map((one) => one[2]).find((one) => one >= 0);
    return { state, rule: faults.length ? rules[Math.min(...faults)] : "", why: state === UNKNOWN && why !== undefined ? words[why] : "" };
  };
  const hiddenMembers = (way) => ({
    state: ways.state[way] === SHUT ? SHUT : UNKNOWN,
    rule: ways.state[way] === SHUT && ways.rule[way] >= 0 ? rules[ways.rule[way]] : "",
    why: "who is in the group is not known",
  });
  const who = (account) => {
    const rows = [];
    for (const way of waysOf[account]) {
      const row = (person, judged) => rows.push({ person, grant: grant(way), by: by(way), ...judged });
      if (ways.kind[way] === 2) row(-2, { state: SHUT, rule: rules[GONE] || "", why: "" });
      else if (ways.kind[way] === 0) row(ways.to[way], together(way, ways.to[way]));
      else if (!groups.members[ways.to[way]]) row(-1, hiddenMembers(way));
      else for (const person of groups.members[ways.to[way]]) row(person, together(way, person));
    }
    if (data.full) {
      for (const set of unreadOf[account]) rows.push({ person: -1, grant: setName(set), by: "", state: UNKNOWN, rule: "", why: "who is assigned could not be read" });
    }
    const key = (row) => (row.person < 0 ? "\uffff" : people.name[row.person].toLowerCase());
    return rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  };
  const access = (person) => {
    const found = direct[person].concat(...groupsOf[person].map((group) => through[group]));
    const rows = found.map((way) => ({ account: ways.account[way], grant: grant(way), by: by(way), ...together(way, person) }));
    return rows.sort((a, b) => (label(a.account) < label(b.account) ? -1 : label(a.account) > label(b.account) ? 1 : 0));
  };

  const reason = (row) => [row.rule, row.why].filter(Boolean).join(": ");
  const shown = (person) => (person === -1 ? "not known" : person === -2 ? "nobody" : people.name[person]);
  const tell = (rows, key) => {
    const best = new Map(), order = [0, 1, 2, 3];
    for (const row of rows) if (key(row) >= 0) best.set(key(row), Math.min(best.has(key(row)) ? best.get(key(row)) : SHUT, order[row.state]));
    const of = (test) => [...best.values()].filter(test).length;
    return [of((state) => state < UNKNOWN), of((state) => state === UNKNOWN), of((state) => state === SHUT)];
  };

  // What is looked at stands in the address: it can be kept and sent.
  const asked = () => {
    const query = new URLSearchParams(location.hash.slice(1));
    return query.has("view") ? query : new URLSearchParams({ view: "who" });
  };
  const go = (change, replace) => {
    const next = asked();
    for (const [key, value] of Object.entries(change)) value === null ? next.delete(key) : next.set(key, value);
    const hash = "#" + next.toString();
    if (replace) { history.replaceState(null, "", hash); draw(); } else location.hash = hash;
  };

  let table = null;
  const cell = (value, column) => {
    const element = made(column.row ? "th" : "td", column.state ? STATES[value] || "" : value, column.row ? { scope: "row" } : {});
    if (column.state && TONES[value]) element.className = TONES[value];
    return element;
  };
  const paint = () => {
    const box = $("table");
    box.replaceChildren();
    ["back", "next", "whole", "save"].forEach((id) => ($(id).disabled = true));
    if (!table) return;
    const page = Number(asked().get("page")) || 1, all = asked().get("rows") === "all";
    const pages = Math.max(1, Math.ceil(table.rows.length / ROWS));
    const at = all ? 0 : (Math.min(Math.max(page, 1), pages) - 1) * ROWS;
    const rows = all ? table.rows : table.rows.slice(at, at + ROWS);
    const element = made("table", null, { "aria-rowcount": table.rows.length + 1 });
    const range = table.rows.length > rows.length ? ", rows " + (at + 1) + " to " + (at + rows.length) + " of " + table.rows.length : "";
    element.append(made("caption", table.caption + range));
    const head = made("tr", null, { "aria-rowindex": 1 });
    for (const column of table.columns) head.append(made("th", column.name, { scope: "col" }));
    const body = made("tbody");
    rows.forEach((row, place) => {
      const line = made("tr", null, { "aria-rowindex": at + place + 2 });
      table.columns.forEach((column, index) => line.append(cell(row[index], column)));
      body.append(line);
    });
    const top = made("thead");
    top.append(head);
    element.append(top, body);
    box.append(element);
    $("back").disabled = all || at === 0;
    $("next").disabled = all || at + ROWS >= table.rows.length;
    $("whole").disabled = all || table.rows.length <= ROWS;
    $("save").disabled = table.rows.length === 0;
  };

  const matches = (text, ...fields) => !text || fields.some((field) => field && field.toLowerCase().includes(text));
  const links = (view, places, text) => {
    const list = $("found");
    list.replaceChildren();
    for (const [id, words] of places.slice(0, FOUND)) {
      const item = made("li"), link = made("a", words, { href: "#" + new URLSearchParams({ view, id, q: text }) });
      item.append(link);
      list.append(item);
    }
    if (places.length > FOUND) list.append(made("li", "and " + (places.length - FOUND) + " more: type more of the name"));
  };
  const columns = (...names) => names.map((one, index) => ({ name: one, row: index === 0, state: one === "State" }));

  const drawWho = (query, text, id) => {
    const found = accounts.id.map((one, place) => place).filter((place) => matches(text, accounts.name[place], accounts.id[place]));
    const account = accounts.id.indexOf(id);
    links("who", account >= 0 ? [] : found.map((place) => [accounts.id[place], label(place)]), query);
    if (account < 0) return count(found.length, "account");
    const rows = who(account);
    const [enter, unknown, out] = tell(rows, (row) => row.person);
    table = {
      caption: "Who gets into " + label(account), file: "who-" + accounts.id[account],
      columns: columns("User", "Name", "Status", "Permission set", "By", "State", "Why"),
      rows: rows.map((row) => [shown(row.person), people.display[row.person] || "", people.status[row.person] || "", row.grant, row.by, row.state, reason(row)]),
    };
    return label(account) + ": " + count(enter, "person gets in", "people get in") + ", " + out + " with an assignment do not, of " + unknown + " it is not known. " + count(rows.length, "way") + ".";
  };
  const drawAccess = (query, text, id) => {
    const found = people.name.map((one, place) => place)
      .filter((place) => matches(text, people.name[place], people.display[place], people.email[place]));
    const person = people.name.indexOf(id);
    links("access", person >= 0 ? [] : found.map((place) => [people.name[place], [people.name[place], people.display[place]].filter(Boolean).join(" · ")]), query);
    if (person < 0) return count(found.length, "person", "people");
    const rows = access(person);
    const [enter, unknown, out] = tell(rows, (row) => row.account);
    table = {
      caption: "Where " + people.name[person] + " gets in", file: "access-" + people.name[person].replace(/[^\w.-]+/g, "_"),
      columns: columns("Account", "Id", "Permission set", "By", "State", "Why"),
      rows: rows.map((row) => [accounts.name[row.account] || accounts.id[row.account], accounts.id[row.account], row.grant, row.by, row.state, reason(row)]),
    };
    const hidden = groups.members.filter((members) => !members).length;
    const more = hidden ? " Who is in " + count(hidden, "group") + " is not known: there may be more." : "";
    return people.name[person] + " gets into " + count(enter, "account") + ", not into " + out + " in spite of an assignment; of " + unknown + " it is not known." + more;
  };
  const drawMatrix = (query, text) => {
    links("matrix", [], "");
    $("all-label").hidden = false;
    const every = asked().get("all") === "1";
    $("all").checked = every;
    const wanted = (pair) => every || pairs.state[pair] !== OPEN;
    const inAccount = (place) => matches(text, accounts.name[place], accounts.id[place]);
    const inPair = (pair) => matches(text, setName(pairs.set[pair])) || inAccount(pairs.account[pair]);
    const lines = accounts.id.map((one, place) => [place, pairsOf[place].filter((pair) => wanted(pair) && inPair(pair))]).filter((line) => line[1].length);
    const used = new Map();
    lines.forEach((line) => line[1].forEach((pair) => used.set(pairs.set[pair], (used.get(pairs.set[pair]) || 0) + 1)));
    const chosen = [...used.keys()].sort((a, b) => used.get(b) - used.get(a)).slice(0, COLUMNS);
    const place = new Map(chosen.map((set, index) => [set, index]));
    table = {
      caption: "State of permission sets in accounts", file: "matrix",
      columns: [{ name: "Account", row: true }, ...chosen.map((set) => ({ name: setName(set), state: true }))],
      rows: lines.map(([account, found]) => {
        const row = [label(account), ...chosen.map(() => -1)];
        found.forEach((pair) => { if (place.has(pairs.set[pair])) row[place.get(pairs.set[pair]) + 1] = pairs.state[pair]; });
        return row;
      }),
    };
    const left = used.size > chosen.length ? " " + (used.size - chosen.length) + " more permission sets are not shown: search for one." : "";
    return count(lines.length, "account") + " and " + count(used.size, "permission set") + (every ? "." : " with something that is not open.") + left;
  };

  const draw = () => {
    const query = asked(), view = query.get("view") || "who", q = query.get("q") || "";
    const text = q.trim().toLowerCase();
    if ($("text").value !== q) $("text").value = q;
    $("all-label").hidden = true;
    table = null;
    for (const link of $("views").querySelectorAll("a")) {
      if (link.hash === "#view=" + view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const drawn = view === "access" ? drawAccess : view === "matrix" ? drawMatrix : drawWho;
    $("said").textContent = drawn(q, text, query.get("id"));
    paint();
  };

  // A cell that a spreadsheet would take for a formula stays text.
  const quoted = (value) => '"' + (/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(value) ? "'" : "") + String(value).replaceAll('"', '""') + '"';
  $("save").addEventListener("click", () => {
    const text = (value, column) => (column.state ? STATES[value] || "" : value);
    const lines = [table.columns.map((column) => column.name), ...table.rows.map((row) => row.map((value, index) => text(value, table.columns[index])))];
    const blob = new Blob([lines.map((line) => line.map(quoted).join(",") + "\n").join("")], { type: "text/csv" });
    const link = made("a", null, { href: URL.createObjectURL(blob), download: table.file + ".csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  $("text").addEventListener("input", () => go({ view: asked().get("view") || "who", q: $("text").value, id: null, page: null, rows: null }, true));
  $("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const first = $("found").querySelector("a");
    if (first) first.click();
  });
  $("all").addEventListener("change", () => go({ all: $("all").checked ? "1" : null, page: null }, true));
  $("back").addEventListener("click", () => go({ page: Math.max(1, (Number(asked().get("page")) || 1) - 1) }));
  $("next").addEventListener("click", () => go({ page: (Number(asked().get("page")) || 1) + 1 }));
  $("whole").addEventListener("click", () => go({ rows: "all", page: null }));
  window.addEventListener("hashchange", draw);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  $("tool").hidden = false;
  draw();
})();
