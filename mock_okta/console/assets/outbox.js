import { api, button, copy, h, live, same, show, unread, when } from "./console.js";

const search = h("input", { type: "search", class: "grow", placeholder: "Search", "aria-label": "Search messages", oninput: () => draw() });
const list = h("ul", { class: "list", "aria-label": "Messages, newest first" });
let messages = [], newest = 0;

function line(each) {
  const link = each.link && new URL(each.link, location.origin);
  return h("li", {}, h("details", {}, h("summary", {}, h("span", { class: "chip" }, each.channel), " ", h("strong", {}, each.subject || each.text.slice(0, 60)), h("span", { class: "quiet small" }, ` to ${each.to} · `, when(each.created_at))),
    h("pre", { tabindex: "0" }, each.text)),
  h("div", { class: "row" }, each.passcode && [h("strong", { class: "big" }, each.passcode), copy(each.passcode, "the passcode")], link && h("a", { class: "button", href: link.href }, "Open the link"),
    button("Delete", () => api("DELETE", `/_mock/outbox/${each.id}`), { kind: "little", label: `Delete ${each.subject || "the message"} to ${each.to}` })));
}

function draw() {
  const found = messages.filter((each) => `${each.to} ${each.subject} ${each.text}`.toLowerCase().includes(search.value.toLowerCase())).toReversed();
  list.replaceChildren(...(found.length ? found.map(line) : [h("li", { class: "quiet" }, "No messages. What Okta would send to users arrives here.")]));
}

show(h("div", { class: "row card" }, search,
  button("Notify me", () => Notification.requestPermission(), { done: "This browser tells of new messages while this page is open" }),
  button("Delete all", () => api("DELETE", "/_mock/outbox"), { done: "Deleted" })),
  h("div", { class: "card" }, list), same("GET", "/_mock/outbox", undefined, 'okta_org.control.wait_for_message("tester@example.com").passcode'));
live(["hello", "outbox"], async () => {
  ({ messages } = await api("GET", "/_mock/outbox"));
  const latest = Math.max(0, ...messages.map((each) => Date.parse(each.created_at)));
  if (newest && latest > newest && globalThis.Notification?.permission === "granted") new Notification(messages.at(-1).subject || "New message", { body: messages.at(-1).text });
  newest = latest;
  localStorage.setItem("outbox-seen", String(latest));
  unread();
  draw();
});
