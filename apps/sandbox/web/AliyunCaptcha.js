// Plays the script of Alibaba Cloud Captcha 2.0: a box to be ticked in place of a puzzle. As there, `region` and `prefix`
// are read from `AliyunCaptchaConfig`, and the text for the server is given to `success`.

window.initAliyunCaptcha = ({ SceneId, element, button, success, onClose, getInstance }) => {
  const { region, prefix } = window.AliyunCaptchaConfig;
  const close = (then) => {
    document.querySelector(element).replaceChildren();
    then?.();
  };
  const show = () => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", id: "ticked" });
    const label = Object.assign(document.createElement("label"), { htmlFor: "ticked", textContent: "我不是机器人 I am no robot" });
    const leave = Object.assign(document.createElement("button"), { id: "leave", textContent: "×", ariaLabel: "关闭 Close" });
    box.addEventListener("change", () => {
      const text = { sceneId: SceneId, prefix, region, certifyId: crypto.randomUUID(), data: "ticked" };
      close(() => success(JSON.stringify(text)));
    });
    leave.addEventListener("click", () => close(onClose));
    document.querySelector(element).append(box, label, leave);
  };
  document.querySelector(button).addEventListener("click", show);
  getInstance?.({ show });
};
