//! How a browser is set up.

/// What a person's browser is like.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The language that its person reads, such as `zh-CN`.
    pub language: &'static str,
    /// Whether they like it dark.
    pub dark: bool,
    /// How wide and high its window is, in CSS pixels.
    pub size: (u32, u32),
    /// How many pixels of the screen a CSS pixel takes: 2 is a zoom of 200 %.
    pub scale: u32,
    /// What it calls itself, if not Chromium.
    pub user_agent: Option<&'static str>,
    /// Whether it has a screen to be touched.
    pub touch: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { language: "en", dark: false, size: (560, 720), scale: 1, user_agent: None, touch: false }
    }
}

impl Look {
    /// Returns WeChat's own browser on a phone.
    pub fn inside_wechat() -> Self {
        let user_agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 \
                          Mobile Safari/537.36 MicroMessenger/8.0.50";
        Self { size: (390, 720), user_agent: Some(user_agent), ..Self::default() }
    }

    /// Returns a phone's own browser.
    pub fn on_a_phone() -> Self {
        let user_agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                          Version/18.0 Mobile/15E148 Safari/604.1";
        Self { size: (390, 844), user_agent: Some(user_agent), touch: true, ..Self::default() }
    }

    /// Returns the browser of WeChat Work on a phone, which calls itself WeChat, too.
    pub fn inside_wecom() -> Self {
        let user_agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                          Mobile/15E148 wxwork/4.1.20 MicroMessenger/7.0.1 Language/zh";
        Self { user_agent: Some(user_agent), ..Self::on_a_phone() }
    }

    /// Returns the looks that every state is looked at in, for one language: light and dark, the narrowest
    /// screen (320 px), a phone's screen (390 px), and a zoom of 200 %.
    pub fn all(self) -> [(&'static str, Self); 5] {
        [
            ("light", self),
            ("dark", Self { dark: true, ..self }),
            ("narrow", Self { size: (320, 720), ..self }),
            ("touch", Self { size: (390, 720), touch: true, ..self }),
            ("zoomed", Self { size: (320, 400), scale: 2, dark: true, ..self }),
        ]
    }
}
