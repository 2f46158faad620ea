//! Doing each step to the services and to the model, and comparing what they say.

mod answers;
mod asking;
mod logins;
mod nodes;
mod owners;
mod people;
mod phones;

use std::sync::Arc;

use proptest::test_runner::TestCaseError;
use saoma_domain::{
    account::AccountId, login::AuthenticatedLogin, ports::Clock, services::Services, session::SessionToken,
    time::Timestamp,
};

use super::{
    check::Seen,
    model::{House, Model},
    step::Step,
};
use crate::world::{World, millis, secs};
use nodes::Nodes;

type Verdict = Result<(), TestCaseError>;

/// A login as its client has it.
pub(super) struct Client {
    pub(super) auth: AuthenticatedLogin,
    /// The scene of its QR code, if it has one.
    scene: Option<String>,
    /// The last code that was sent for it.
    code: String,
    pub(super) session: Option<SessionToken>,
}

/// The services and the model, side by side.
pub(super) struct Play {
    pub(super) world: World,
    pub(super) nodes: Nodes,
    pub(super) model: Model,
    pub(super) logins: Vec<Client>,
    /// The accounts in the order in which they were made.
    pub(super) accounts: Vec<AccountId>,
    pub(super) seen: Vec<Seen>,
    pub(super) house: House,
    /// What scans have left behind, by login and person.
    work: Vec<(usize, usize)>,
}

impl Play {
    pub(super) fn begin(house: House) -> Self {
        let world = World::new();
        people::introduce(&world);
        let (nodes, model) = (Nodes::new(&world, house), Model::of(house));
        let (logins, accounts, seen, work) = Default::default();
        Self { world, nodes, model, logins, accounts, seen, house, work }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    /// Returns the node that is asked.
    fn node(&self) -> Arc<Services> {
        self.nodes.asked.clone()
    }

    /// Returns the index of a login, counted back from the last one.
    fn back(&self, login: usize) -> usize {
        self.logins.len() - 1 - login % self.logins.len()
    }

    /// Does a step and checks everything after it.
    pub(super) async fn step(&mut self, step: Step) -> Verdict {
        let bindings = self.model.bindings;
        self.take(step).await?;
        self.check().await?;
        if self.model.bindings > bindings {
            // Which one of two bindings at one moment is the older is up to chance.
            self.world.pass(millis(1));
        }
        Ok(())
    }

    async fn take(&mut self, step: Step) -> Verdict {
        match step {
            Step::Start { way_in, link_to } => self.start(way_in, link_to.map(|by| self.back(by))).await,
            Step::StartByNumber => self.start_by_number().await,
            Step::OpenMiniProgram { code, link_to } => {
                self.open_mini_program(code, link_to.map(|by| self.back(by))).await
            }
            Step::Scan { login, person } => self.scan(self.back(login), person).await,
            Step::Answer { login, person, answer } => self.answer(self.back(login), person, answer).await,
            Step::OnPage { login, person, answer } => self.on_page(self.back(login), person, answer).await,
            Step::FollowUp => self.follow_up().await,
            Step::Return { login, code } => self.come_back(self.back(login), code).await,
            Step::SendCode { login, phone } => self.send_code(self.back(login), phone).await,
            Step::Bind { login, phone, right } => self.bind(self.back(login), phone, right).await,
            Step::Skip { login } => self.skip(self.back(login)).await,
            Step::BindWechatPhone { login, code } => self.bind_wechat_phone(self.back(login), code).await,
            Step::Poll { login, foreign_token: true } => self.poll_as_stranger(self.back(login)),
            Step::Poll { login, foreign_token: false } => self.poll(self.back(login)).await,
            Step::Cancel { login } => self.cancel(self.back(login)).await,
            Step::LogOut { login } => self.log_out(self.back(login)).await,
            Step::EndSession { by, of } => self.end_session(self.back(by), self.back(of)).await,
            Step::LogOutEverywhere { login } => self.log_out_everywhere(self.back(login)).await,
            Step::RemoveIdentity { by, app, person } => {
                self.remove_identity(self.back(by), (app, person)).await
            }
            Step::SendNewPhoneCode { by, phone } => self.send_new_phone_code(self.back(by), phone).await,
            Step::ChangePhone { by, phone, right } => self.change_phone(self.back(by), phone, right).await,
            Step::News { app, person, follows, secs_ago } => {
                self.news((app, person), follows, secs_ago).await
            }
            Step::Pass { time } => {
                self.world.pass(time);
                Ok(())
            }
            Step::Service(event) => {
                self.nodes.take(event, &self.world, self.house).await;
                Ok(())
            }
        }
    }

    /// Lets every client ask once more, now and when all is over.
    pub(super) async fn end(mut self) -> Verdict {
        for time in [secs(0), secs(10_000)] {
            self.world.pass(time);
            for login in 0..self.logins.len() {
                self.poll(login).await?;
            }
        }
        self.check().await
    }
}
