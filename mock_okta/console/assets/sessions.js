import { api, button, card, h, live, same, show } from "./console.js";
import { familiesList, sessionsTable } from "./families.js";

const draw = live(["hello", "sessions", "tokens", "clock"], async () => {
  const { sessions } = await api("GET", "/_mock/sessions");
  const { families } = await api("GET", "/_mock/refresh_families");
  show(card("Sessions", sessionsTable(sessions), h("div", { class: "row" }, button("End all sessions", () => api("DELETE", "/_mock/sessions"), { done: "Ended" })),
    same("DELETE", "/_mock/sessions", undefined, "okta_org.control.end_sessions()")),
  card("Refresh tokens", familiesList(families, () => draw()),
    h("div", { class: "row" }, button("Revoke all tokens", async () => { await api("DELETE", "/_mock/tokens"); await draw(); }, { done: "Revoked" })),
    same("GET", "/_mock/refresh_families", undefined, "okta_org.control.refresh_families()")));
});
