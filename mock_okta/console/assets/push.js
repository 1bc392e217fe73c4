import { api, button, h, live, same, show, when } from "./console.js";

const approve = h("input", { type: "checkbox", onchange: () => draw() });
const place = h("div", { class: "cards" });
const answer = (push, body) => api("POST", `/_mock/push/${push.id}`, body);

function phone(push) {
  const waits = push.answer === "WAITING";
  const isEnrollment = push.purpose === "enrollment";
  const others = push.number === undefined ? [] : [push.number, (push.number + 17) % 90 + 10, (push.number + 41) % 90 + 10].sort();
  const numbers = others.map((each) => button(String(each), () => answer(push, { answer: "approve", number: each }), { kind: "big" }));
  return h("section", { class: "card phone" }, h("h2", {}, isEnrollment ? "Set up Okta Verify" : "Did you just try to sign in?"), h("p", {}, push.login), h("p", { class: "quiet small" }, when(push.created_at)),
    waits ? h("div", { class: "row" }, isEnrollment ? button("Scan the QR code", () => answer(push, { answer: "approve" }), { kind: "first" })
      : [numbers.length ? numbers : button("Yes, it's me", () => answer(push, { answer: "approve" }), { kind: "first" }), button("No, it's not me", () => answer(push, { answer: "deny" }))])
      : h("span", { class: `chip ${push.answer === "APPROVED" ? "good" : "bad"}` }, push.answer));
}

show(h("p", { class: "card" }, h("label", {}, approve, "Approve every push while this page is open")), place,
  same("GET", "/_mock/push", undefined, 'okta_org.control.approve_push("tester@example.com")'));
const draw = live(["hello", "pushes"], async () => {
  const { pushes } = await api("GET", "/_mock/push");
  if (approve.checked) for (const each of pushes) if (each.answer === "WAITING") await answer(each, { answer: "approve" }).catch(() => {});
  place.replaceChildren(...(pushes.length ? pushes.toReversed().map(phone) : [h("p", { class: "quiet" }, "No push yet. A user with the factor okta_push gets one at a sign-in.")]));
});
