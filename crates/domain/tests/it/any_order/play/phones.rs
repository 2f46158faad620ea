//! What people do with their phone numbers.

use proptest::prelude::*;
use saoma_domain::services::{CodeRequest, WechatPhone};

use super::{Play, Verdict, answers::refused};
use crate::{
    any_order::cast::PHONES,
    world::{CLIENT, number},
};

impl Play {
    pub(super) async fn send_code(&mut self, login: usize, phone: usize) -> Verdict {
        let sent = self.node().phone_binding.send_code(&self.logins[login].auth, to(phone)).await;
        let expected = self.model.send_code(login, phone, self.now());
        prop_assert_eq!(refused(&sent), expected.err());
        if sent.is_ok() {
            self.read_code(login, phone);
        }
        Ok(())
    }

    fn read_code(&mut self, login: usize, phone: usize) {
        let code = self.world.inbox.last_code(&number(PHONES[phone]));
        self.logins[login].code = code.unwrap().reveal().to_owned();
    }

    /// Returns the number of the code that is tried, 0 for a wrong one, and the code itself.
    fn tried(&self, login: usize, right: bool) -> (u32, String) {
        match self.model.last_code(login) {
            number @ 1.. if right => (number, self.logins[login].code.clone()),
            _ => (0, "no code".to_owned()),
        }
    }

    pub(super) async fn bind(&mut self, login: usize, phone: usize, right: bool) -> Verdict {
        let (number, code) = self.tried(login, right);
        let work = self.world.background.pending();
        let bound = self.node().phone_binding.bind(&self.logins[login].auth, PHONES[phone], &code).await;
        let expected = self.model.bind(login, phone, number, self.now());
        prop_assert_eq!(refused(&bound), expected.err());
        self.tell_the_others(work).await;
        self.is_bound(login, bound.ok())
    }

    pub(super) async fn skip(&mut self, login: usize) -> Verdict {
        let skipped = self.node().phone_binding.skip(&self.logins[login].auth).await;
        prop_assert_eq!(refused(&skipped), self.model.skip(login, self.now()).err());
        self.is_bound(login, skipped.ok())
    }

    pub(super) async fn bind_wechat_phone(&mut self, login: usize, code: usize) -> Verdict {
        let (now, proof) = (self.now(), WechatPhone::Code(code.to_string()));
        let work = self.world.background.pending();
        let bound = self.node().wechat_phone_binding.bind(&self.logins[login].auth, proof).await;
        prop_assert_eq!(refused(&bound), self.model.bind_wechat_phone(login, code, now).err());
        self.tell_the_others(work).await;
        self.is_bound(login, bound.ok())
    }

    /// Does the work that a binding by the number alone has left behind.
    async fn tell_the_others(&self, pending_before: usize) {
        if self.world.background.pending() > pending_before {
            self.world.background.run().await.unwrap();
        }
    }

    pub(super) async fn send_new_phone_code(&mut self, by: usize, phone: usize) -> Verdict {
        let Some(checked) = self.checked(by).await? else { return Ok(()) };
        let sent = self.node().accounts.send_new_phone_code(&checked, to(phone)).await;
        let expected = self.model.send_new_phone_code(by, phone, self.now());
        prop_assert_eq!(refused(&sent), expected.err());
        if sent.is_ok() {
            self.read_code(by, phone);
        }
        Ok(())
    }

    pub(super) async fn change_phone(&mut self, by: usize, phone: usize, right: bool) -> Verdict {
        let Some(checked) = self.checked(by).await? else { return Ok(()) };
        let (tried, code) = self.tried(by, right);
        let changed = self.node().accounts.change_phone(&checked, PHONES[phone], &code).await;
        let expected = self.model.change_phone(by, phone, tried, self.now());
        prop_assert_eq!(refused(&changed), expected.err());
        if let Ok(changed) = changed {
            prop_assert_eq!(
                (changed.id, changed.phone.as_ref().unwrap().e164()),
                (checked.account.id, PHONES[phone])
            );
        }
        Ok(())
    }
}

fn to(phone: usize) -> CodeRequest<'static> {
    CodeRequest { phone: PHONES[phone], client: CLIENT }
}
