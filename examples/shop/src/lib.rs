//! A shop with Saoma in it: its own tables, guarded routes, and a voice in the chat.

mod assistant;
mod orders;

pub use assistant::Assistant;
pub use orders::{Failure, Orders};

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    error::ErrorInternalServerError,
    middleware::from_fn,
    web::{self, Data, Json, ServiceConfig},
};
use saoma_api::{
    Environment, Saoma,
    guard::{LoggedIn, Requirement, required, required_with},
};
use serde::Deserialize;

/// What a person orders.
#[derive(Deserialize)]
struct NewOrder {
    item: String,
}

async fn welcome() -> &'static str {
    "Welcome. Your orders are at /orders."
}

async fn list(person: LoggedIn, orders: Data<Orders>) -> actix_web::Result<Json<Vec<String>>> {
    orders.of(person.account.id).await.map(Json).map_err(ErrorInternalServerError)
}

async fn add(person: LoggedIn, orders: Data<Orders>, new: Json<NewOrder>) -> actix_web::Result<HttpResponse> {
    orders.add(person.account.id, new.into_inner().item).await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Created().finish())
}

async fn pay(person: LoggedIn) -> String {
    format!("paid by {}", person.account.id)
}

/// What the shop brings of its own to the login service: its voice in the chat.
pub fn environment(orders: &Orders) -> Environment {
    Environment { on_message: Arc::new(Assistant(orders.clone())), ..Environment::default() }
}

/// Mounts the shop's routes, and the login service beside them.
pub fn routes(saoma: &Saoma, orders: &Orders) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let (saoma, orders) = (saoma.clone(), orders.clone());
    move |config| {
        // A person who pays has logged in within the last ten minutes.
        let recent = Requirement::new().login_within(Duration::from_secs(600));
        config
            .app_data(Data::new(orders))
            .route("/", web::get().to(welcome))
            .service(web::resource("/pay").wrap(from_fn(required_with(recent))).post(pay))
            // A browser without a session is sent to the login page, and comes back.
            .service(web::resource("/orders").wrap(from_fn(required)).get(list).post(add));
        // All other paths keep what the shop answers there.
        saoma.configure(config);
    }
}
