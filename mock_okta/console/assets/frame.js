// One screen of the widget. The room of the gallery sends what to show: data alone, never script.

const tell = (message) => parent.postMessage({ from: "frame", ...message }, location.origin);

function load(name, attributes) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.addEventListener("load", done);
    element.addEventListener("error", () => failed(new Error(`${attributes.src ?? attributes.href} could not be loaded`)));
    document.head.append(element);
  });
}

const appears = (selector) => new Promise((done) => {
  const look = () => {
    const found = document.querySelector(selector);
    if (found) done(found);
    else requestAnimationFrame(look);
  };
  look();
});

async function show({ release, script, style, options, css, clicks }) {
  const assets = `/okta-signin-widget/${release}`;
  await load("link", { rel: "stylesheet", href: `${assets}/css/${style}` });
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  await load("script", { src: `${assets}/js/${script}` });
  const widget = new globalThis.OktaSignIn({ logo: "/img/logos/org.svg", ...options, baseUrl: location.origin, assets: { baseUrl: location.origin + assets } });
  widget.renderEl({ el: "#okta-login-container" }, ({ status }) => tell({ ended: status }), (failure) => tell({ failed: String(failure.message ?? failure) }));
  await appears("#okta-sign-in form, #okta-sign-in .auth-content-inner *");
  for (const selector of clicks) (await appears(selector)).click();
  document.body.dataset.state = "shown";
  tell({ shown: true });
}

addEventListener("message", ({ source, origin, data }) => {
  if (source === parent && origin === location.origin) show(data).catch((failure) => tell({ failed: failure.message }));
}, { once: true });
tell({ ready: true });
