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
}

impl Default for Look {
    fn default() -> Self {
        Self { language: "en", dark: false, size: (560, 720), scale: 1, user_agent: None }
    }
}

impl Look {
    /// Returns WeChat's own browser on a phone.
    pub fn inside_wechat() -> Self {
        let user_agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 \
                          Mobile Safari/537.36 MicroMessenger/8.0.50";
        Self { size: (390, 720), user_agent: Some(user_agent), ..Self::default() }
    }

    /// Returns the looks that every state is looked at in, for one language: light and dark, the narrowest
    /// screen (320 px), and a zoom of 200 %.
    pub fn all(self) -> [(&'static str, Self); 4] {
        [
            ("light", self),
            ("dark", Self { dark: true, ..self }),
            ("narrow", Self { size: (320, 720), ..self }),
            ("zoomed", Self { size: (320, 400), scale: 2, dark: true, ..self }),
        ]
    }
}
