// Plays WeChat's script of this name: puts its page for websites into a frame of the page that asks. As there,
// `redirect_uri` comes encoded.

(() => {
  const { origin } = new URL(document.currentScript.src);

  window.WxLogin = function WxLogin(options) {
    const { id, appid, scope, redirect_uri, state, style, href, self_redirect, stylelite, fast_login } = options;
    const parts = [
      `appid=${appid}`, `scope=${scope}`, `redirect_uri=${redirect_uri}`, `state=${state}`, "login_type=jssdk",
      `self_redirect=${typeof self_redirect === "boolean" ? self_redirect : "default"}`,
      style && `style=${style}`, href && `href=${href}`, stylelite === 1 && "stylelite=1", fast_login === 0 && "fast_login=0",
    ];
    const frame = document.createElement("iframe");
    frame.src = `${origin}/connect/qrconnect?${parts.filter(Boolean).join("&")}`;
    frame.width = "300";
    frame.height = "400";
    document.getElementById(id).replaceChildren(frame);
  };
})();
