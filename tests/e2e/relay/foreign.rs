//! Bots that were not written here, behind the relay in secure mode: they check and open each call by their own libraries.

use super::{counted, service_before};
use crate::{
    common::bot::ForeignBot,
    harness::{Device, eventually, follower, says},
};

/// Lets people talk to a bot, which is away for a while.
async fn goes_on_speaking(package: &str) {
    let Some(mut bot) = ForeignBot::find(package) else { return };
    bot.start().await;
    let service = service_before(&bot.url()).await;
    let ming = follower(&service, "ming").await;
    assert_eq!(says(&ming, "你好 <b> &").await.as_deref(), Some("echo: 你好 <b> &"));
    assert_eq!(ming.tap_menu("main", "today").await.unwrap().reply(), None);
    ming.send_picture("main").await.unwrap();
    let device = Device::start(&service).await;
    assert!(ming.scan(device.qr()).await.unwrap().reply().unwrap().starts_with("扫码成功"));
    assert_eq!(bot.taken().len(), 4, "of logins it does not hear: {:?}", bot.taken());
    bot.kill().await;
    assert_eq!(says(&ming, "while it is away").await, None);
    bot.start().await;
    eventually("it takes what was kept", async || (bot.taken().len() == 5).then_some(())).await;
    // As long as it is not known to be delivered, the next one has to wait for its turn.
    counted(&service, &[("delivered", 1)]).await;
    assert_eq!(says(&ming, "again").await.as_deref(), Some("echo: again"));
    let openid = ming.openid("main").unwrap();
    assert!(bot.taken().iter().all(|heard| heard.person == openid), "{:?}", bot.taken());
    ming.unfollow("main").await.unwrap();
    let last = bot.taken().pop().unwrap();
    assert!(last.what.starts_with("unsubscribe "), "{last:?}");
}

#[tokio::test]
async fn wechatpy_goes_on_speaking() {
    goes_on_speaking("wechatpy").await;
}

#[tokio::test]
async fn the_package_wechat_of_npm_goes_on_speaking() {
    goes_on_speaking("wechat").await;
}
