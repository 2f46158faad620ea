//! Messages for the site's own system: each person's in the order in which they came, each until it was delivered once
//! or its time is over.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    rows::{FoundMessages, MessageRow, MessageRows, RowResult},
    transactions::Transactions,
};
use crate::{
    message::{MessageId, RawMessage, RelayedMessage},
    ports::{MessageQueue, MessageSettled, MessageTurn, QueuedMessage, StoreError},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// How long one try may take. For so long a message that was claimed belongs to one node; after that another one may try.
pub const RELAY_TRY: Duration = Duration::from_secs(35);

/// For so long after it came a message is tried again.
pub const RELAY_TRIED_FOR: Duration = Duration::from_secs(60 * 60);

/// For so long a message that does not wait any more is known, so that one that WeChat repeats is not sent again.
const RELAY_KNOWN_FOR: Duration = Duration::from_secs(60 * 60);

/// A message that waits for an earlier one is looked at again after this time, should the end of that one be missed.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The pauses between tries; the last one is repeated.
const PAUSES: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// A message whose turn is asked for.
struct Asked {
    app: AppName,
    openid: OpenId,
    id: MessageId,
}

/// A message to keep.
struct Kept {
    message: RelayedMessage,
    being_tried_until: Option<Timestamp>,
}

/// Messages to take.
#[derive(Clone, Copy)]
struct Claim {
    now: Timestamp,
    at_most: u32,
}

/// A try that is over.
#[derive(Clone, Copy)]
struct Try {
    id: MessageId,
    tries: u32,
    is_delivered: bool,
    now: Timestamp,
}

#[async_trait]
impl<X: Transactions> MessageQueue for X {
    async fn turn(&self, app: &AppName, openid: &OpenId, id: MessageId) -> Result<MessageTurn, StoreError> {
        let asked = Asked { app: app.clone(), openid: openid.clone(), id };
        self.read(asked, |rows, asked| Box::pin(message_turn(rows, asked))).await
    }

    async fn put(
        &self,
        message: RelayedMessage,
        being_tried_until: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let kept = Kept { message, being_tried_until };
        self.run(kept, |rows, kept| Box::pin(keep_message(rows, kept))).await
    }

    async fn claim(&self, now: Timestamp, at_most: u32) -> Result<Vec<QueuedMessage>, StoreError> {
        let claim = Claim { now, at_most };
        // A read comes first: mostly no message waits, and a transaction would take a turn to write.
        let due = self.read(claim, |rows, claim| Box::pin(rows.due_messages(claim.now, 1))).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        self.run(claim, |rows, claim| Box::pin(claim_messages(rows, *claim))).await
    }

    async fn count_waiting(&self) -> Result<u64, StoreError> {
        self.read((), |rows, ()| Box::pin(rows.count_waiting_messages())).await
    }

    async fn settle(
        &self,
        id: MessageId,
        tries: u32,
        is_delivered: bool,
        now: Timestamp,
    ) -> Result<MessageSettled, StoreError> {
        let over = Try { id, tries, is_delivered, now };
        self.run(over, |rows, over| Box::pin(settle_message(rows, *over))).await
    }
}

async fn message_turn(rows: &mut impl MessageRows, asked: &Asked) -> RowResult<MessageTurn> {
    let found = rows.find_messages(asked.id, &asked.app, &asked.openid).await?;
    Ok(match found {
        FoundMessages { itself: true, .. } => MessageTurn::Queued,
        FoundMessages { waiting: true, .. } => MessageTurn::Behind,
        FoundMessages { waiting: false, .. } => MessageTurn::Next,
    })
}

async fn keep_message(rows: &mut impl MessageRows, kept: &Kept) -> RowResult<bool> {
    let message = &kept.message;
    if rows.message(message.id).await?.is_some() {
        return Ok(false);
    }
    let first = rows.first_waiting_message(&message.app, &message.openid).await?;
    let is_behind = first.is_some_and(|first| order(&first.message) < order(message));
    let next_try_at = match kept.being_tried_until {
        Some(until) => until,
        None if is_behind => message.received_at.plus(LOOK_AGAIN),
        None => message.received_at,
    };
    let tries = u32::from(kept.being_tried_until.is_some());
    let prune_at = message.received_at.plus(RELAY_TRIED_FOR).plus(RELAY_KNOWN_FOR);
    let row = MessageRow { message: message.clone(), tries, next_try_at: Some(next_try_at), prune_at };
    rows.insert_message(&row).await?;
    Ok(true)
}

/// Takes messages for a try. A person's later message is left until the earlier ones are settled.
async fn claim_messages(rows: &mut impl MessageRows, claim: Claim) -> RowResult<Vec<QueuedMessage>> {
    let mut claimed = Vec::new();
    for mut row in rows.due_messages(claim.now, claim.at_most).await? {
        let first = rows.first_waiting_message(&row.message.app, &row.message.openid).await?;
        let read_tries = row.tries;
        if first.is_none_or(|first| first.message.id != row.message.id) {
            row.next_try_at = Some(claim.now.plus(LOOK_AGAIN));
            rows.update_message(&row, read_tries).await?;
            continue;
        }
        row.tries = read_tries.saturating_add(1);
        row.next_try_at = Some(claim.now.plus(RELAY_TRY));
        rows.update_message(&row, read_tries).await?;
        claimed.push(QueuedMessage { message: row.message, tries: row.tries });
    }
    Ok(claimed)
}

async fn settle_message(rows: &mut impl MessageRows, over: Try) -> RowResult<MessageSettled> {
    let Some(mut row) = rows.message(over.id).await? else { return Ok(MessageSettled::NotOurs) };
    if row.next_try_at.is_none() || (row.tries != over.tries && !over.is_delivered) {
        return Ok(MessageSettled::NotOurs);
    }
    let read_tries = row.tries;
    let is_too_old = row.message.received_at.plus(RELAY_TRIED_FOR) <= over.now;
    if !over.is_delivered && !is_too_old {
        row.next_try_at = Some(over.now.plus(pause_after(over.tries)));
        rows.update_message(&row, read_tries).await?;
        return Ok(MessageSettled::Waits);
    }
    // What a person wrote is kept no longer than it is needed.
    row.message.raw = RawMessage { query: String::new(), content_type: String::new(), body: Vec::new() };
    row.next_try_at = None;
    row.prune_at = over.now.plus(RELAY_KNOWN_FOR);
    rows.update_message(&row, read_tries).await?;
    let_next_go(rows, &row.message, over.now).await?;
    Ok(if over.is_delivered { MessageSettled::Delivered } else { MessageSettled::GivenUp })
}

/// Lets the message go that waited for this one.
async fn let_next_go(rows: &mut impl MessageRows, done: &RelayedMessage, now: Timestamp) -> RowResult<()> {
    let Some(mut next) = rows.first_waiting_message(&done.app, &done.openid).await? else { return Ok(()) };
    // One that is being tried stays with its node.
    if next.tries > 0 || next.next_try_at.is_some_and(|at| at <= now) {
        return Ok(());
    }
    next.next_try_at = Some(now);
    let read_tries = next.tries;
    rows.update_message(&next, read_tries).await
}

/// What the messages of a person are ordered by.
fn order(message: &RelayedMessage) -> (Timestamp, MessageId) {
    (message.received_at, message.id)
}

fn pause_after(tries: u32) -> Duration {
    let at = usize::try_from(tries).unwrap_or(usize::MAX).saturating_sub(1);
    PAUSES.get(at).or(PAUSES.last()).copied().unwrap_or(RELAY_TRY)
}
