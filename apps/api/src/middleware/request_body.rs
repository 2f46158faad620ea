//! The body of a request is read before its endpoint is called, whether that wants it or not: so no body is left
//! unfinished, and every body has a limit and a deadline.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest},
    http::{StatusCode, header},
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;

use crate::{
    extract::WholeBody,
    problem::{ErrorCode, Problem},
};

/// The largest body that is read.
const MAX_BODY: usize = 64 * 1024;

/// How long a client may take to send its body.
const BODY_TIME: Duration = Duration::from_secs(5);

/// Reads the body of a request, for [`WholeBody`].
///
/// # Errors
/// The problem with a body that is too large, late or broken off, and the rest of it for [`BeforeRest`].
pub(super) async fn read_body(request: &mut ServiceRequest) -> Result<(), (Problem, Payload)> {
    if matches!(request.parts().1, Payload::None) {
        // The parser has found that the request has no body.
        return Ok(());
    }
    let headers = request.headers();
    let announced = headers.get(header::CONTENT_LENGTH);
    // What follows an upgrade to a WebSocket would be no body; it is asked for without a length.
    if announced.is_none() && !headers.contains_key(header::TRANSFER_ENCODING) {
        return Ok(());
    }
    let announced = announced.and_then(|value| value.to_str().ok()?.parse().ok());
    let is_too_large = announced.is_some_and(|length: u64| length > MAX_BODY as u64);
    let mut payload = request.take_payload();
    if is_too_large {
        return Err((Problem::from_status(StatusCode::PAYLOAD_TOO_LARGE), payload));
    }
    let late = |_| Err(Problem::new(ErrorCode::BodyInvalid, "the body did not arrive in time"));
    let body = tokio::time::timeout(BODY_TIME, collect(&mut payload)).await.unwrap_or_else(late);
    match body {
        Ok(body) => {
            request.extensions_mut().insert(WholeBody(body));
            Ok(())
        }
        Err(problem) => Err((problem, payload)),
    }
}

async fn collect(payload: &mut Payload) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(ErrorCode::BodyInvalid, "the body broke off"))?;
        if body.len() + chunk.len() > MAX_BODY {
            let detail = format!("a body has at most {MAX_BODY} bytes");
            return Err(Problem::new(ErrorCode::BodyTooLarge, detail));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The body of an answer that comes before the rest of the request's body. actix-http closes the connection after an answer
/// during which that rest is kept; what is dropped before, it would wait for, without an end.
pub(super) struct BeforeRest {
    pub(super) answer: BoxBody,
    pub(super) _rest: Payload,
}

impl MessageBody for BeforeRest {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(context)
    }
}
