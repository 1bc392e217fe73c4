import { api, button, card, h, live, same, show, table, when } from "./console.js";

live(["hello", "sessions", "clock"], async () => {
  const { sessions } = await api("GET", "/_mock/sessions");
  show(card("Sessions", sessions.length ? table("Sessions", ["User", "Proved by", "Since", "Ends", ""], sessions.map((each) => [each.login, each.amr.join(", "), when(each.created_at), when(each.expires_at),
    button("End", () => api("DELETE", `/_mock/sessions/${each.id}`), { kind: "little", label: `End the session of ${each.login}` })])) : h("p", { class: "quiet" }, "Nobody is signed in."),
  h("div", { class: "row" }, button("End all", () => api("DELETE", "/_mock/sessions"), { done: "Ended" }), button("Revoke all tokens", () => api("DELETE", "/_mock/tokens"), { done: "Revoked" })),
  same("DELETE", "/_mock/sessions", undefined, "okta_org.control.end_sessions()")));
});
