//! The shop's voice in the chat: what people write to the official account, apart from logins.

use saoma_api::{
    async_trait,
    domain::{
        chat::{ChatReply, IncomingMessage, MessageContent},
        ports::{MessageError, OnMessage},
    },
};

use crate::Orders;

/// Answers "订单" and the entry `ORDERS` of the menu.
pub struct Assistant(pub Orders);

#[async_trait]
impl OnMessage for Assistant {
    async fn take(&self, message: IncomingMessage) -> Result<Option<ChatReply>, MessageError> {
        let writes = matches!(&message.content, MessageContent::Text { text } if text.trim() == "订单");
        let taps = matches!(&message.content, MessageContent::Click { key } if key == "ORDERS");
        if !writes && !taps {
            return Ok(None);
        }
        let Some(account) = message.account else {
            return Ok(Some(ChatReply::text("请先登录 shop.example.com")));
        };
        let orders = self.0.of(account).await?;
        Ok(Some(ChatReply::text(format!("你有 {} 个订单：{}", orders.len(), orders.join("、")))))
    }
}
